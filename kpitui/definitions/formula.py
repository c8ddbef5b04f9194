"""Formulas of KPIs: parsed by hand, never evaluated as Python.

Grammar: `+ - * / ( )`, unary minus, numbers, ids of measures and KPIs, `min(a, b, …)`, `max(a, b, …)`, and
`prev(id, n = 1)`, the value n periods before at the same grain. Division binds like multiplication, left to
right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Literal, NamedTuple

import msgspec


class Number(msgspec.Struct, frozen=True, tag=True):
    value: float


class Ref(msgspec.Struct, frozen=True, tag=True):
    """The value of a measure or KPI, `back` periods before (0: in the period itself)."""

    id: str
    back: int = 0


class Negative(msgspec.Struct, frozen=True, tag=True):
    of: Expression


class Binary(msgspec.Struct, frozen=True, tag=True):
    operator: Literal["+", "-", "*", "/"]
    left: Expression
    right: Expression


class Call(msgspec.Struct, frozen=True, tag=True):
    function: Literal["min", "max"]
    arguments: tuple[Expression, ...]


Expression = Number | Ref | Negative | Binary | Call

LONGEST = 1_000
"""Characters of a formula's text."""
DEEPEST = 50
"""Parentheses, calls and minus signs inside each other."""
MOST_NODES = 200
FURTHEST_BACK = 1_000
"""Periods: a thousand years before any date that is measured is still a date."""
FUNCTIONS = ("min", "max", "prev")

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>[-+*/(),=]))"
)


class FormulaError(ValueError):
    """The text is no formula; `column` says where, 1 for the first character."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


def parse(text: str) -> Expression:
    """The formula that a text writes; raises `FormulaError`."""
    if len(text) > LONGEST:
        raise FormulaError(f"longer than {LONGEST} characters", LONGEST + 1)
    return _Parser(text).formula()


class _Token(NamedTuple):
    kind: str
    """number, word, sign, or end."""
    text: str
    column: int


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            column = len(text) - len(text[at:].lstrip()) + 1
            raise FormulaError(f"unexpected `{text[column - 1]}`", column)
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match[kind], match.start(kind) + 1))
        at = match.end()
    tokens.append(_Token("end", "", end + 1))
    return tokens


class _Parser:
    """Recursive descent, one method per line of the grammar:

    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = "-" factor | number | id | call | "(" sum ")"
    call    = ("min" | "max") "(" sum { "," sum } ")" | "prev" "(" id [ "," [ "n" "=" ] number ] ")"
    """

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.nodes = 0

    def formula(self) -> Expression:
        tree = self.sum()
        if self.next.kind != "end":
            raise self.unexpected("an operator")
        return tree

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def unexpected(self, expected: str) -> FormulaError:
        token = self.next
        found = f"`{token.text}`" if token.text else "the end"
        return FormulaError(f"expected {expected}, found {found}", token.column)

    def take(self, *signs: str) -> str | None:
        """The next sign where it is one of these, and past it."""
        token = self.next
        if token.kind != "sign" or token.text not in signs:
            return None
        self.at += 1
        return token.text

    def expect(self, sign: str) -> None:
        if self.take(sign) is None:
            raise self.unexpected(f"`{sign}`")

    def counted(self, node: Expression) -> Expression:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise FormulaError(f"more than {MOST_NODES} terms and operators", self.next.column)
        return node

    def sum(self) -> Expression:
        left = self.product()
        while operator := self.take("+", "-"):
            left = self.counted(Binary("+" if operator == "+" else "-", left, self.product()))
        return left

    def product(self) -> Expression:
        left = self.factor()
        while operator := self.take("*", "/"):
            left = self.counted(Binary("*" if operator == "*" else "/", left, self.factor()))
        return left

    def factor(self) -> Expression:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"nested more than {DEEPEST} deep", self.next.column)
        tree = self.nested_factor()
        self.depth -= 1
        return tree

    def nested_factor(self) -> Expression:
        if self.take("-"):
            return self.counted(Negative(self.factor()))
        if self.take("("):
            tree = self.sum()
            self.expect(")")
            return tree
        token = self.next
        if token.kind == "number":
            self.at += 1
            return self.counted(Number(self.finite(token)))
        if token.kind == "word":
            self.at += 1
            return self.counted(self.call(token) if self.take("(") else Ref(token.text))
        raise self.unexpected("a number, an id or `(`")

    def finite(self, token: _Token) -> float:
        value = float(token.text)
        if not isfinite(value):
            raise FormulaError("a number too large to count with", token.column)
        return value

    def call(self, name: _Token) -> Expression:
        if name.text == "prev":
            return self.prev()
        if name.text not in FUNCTIONS:
            raise FormulaError(f"unknown function `{name.text}`, there are {', '.join(FUNCTIONS)}", name.column)
        arguments = [self.sum()]
        while self.take(","):
            arguments.append(self.sum())
        self.expect(")")
        return Call("min" if name.text == "min" else "max", tuple(arguments))

    def prev(self) -> Expression:
        token = self.next
        if token.kind != "word":
            raise self.unexpected("an id")
        self.at += 1
        back = self.periods_back() if self.take(",") else 1
        self.expect(")")
        return Ref(token.text, back)

    def periods_back(self) -> int:
        if self.next.text == "n":
            self.at += 1
            self.expect("=")
        token = self.next
        whole = token.kind == "number" and token.text.isdigit() and len(token.text) <= 4
        if not whole or not 1 <= int(token.text) <= FURTHEST_BACK:
            raise self.unexpected(f"a whole number of periods from 1 to {FURTHEST_BACK}")
        self.at += 1
        return int(token.text)


def references(expression: Expression) -> tuple[Ref, ...]:
    """What the formula names, each once, in the order of the text."""
    return tuple(dict.fromkeys(_references(expression)))


def _references(expression: Expression) -> Iterator[Ref]:
    match expression:
        case Ref():
            yield expression
        case Negative(of):
            yield from _references(of)
        case Binary(_, left, right):
            yield from _references(left)
            yield from _references(right)
        case Call(_, arguments):
            for argument in arguments:
                yield from _references(argument)


Values = Sequence[float | None]
"""Of one input in several periods; None where it has none."""


def evaluate(expression: Expression, figures: Callable[[str, int], Values], count: int = 1) -> Values:
    """The formula's figures in so many periods, where `figures(id, back)` gives each input's.

    None where an input is missing, a divisor is zero, or the figure is beyond what a float can hold.
    """
    match expression:
        case Number(number):
            return [number] * count
        case Ref(id, back):
            return figures(id, back)
        case Negative(of):
            return [None if figure is None else -figure for figure in evaluate(of, figures, count)]
        case Binary(operator, left, right):
            return _combined(operator, evaluate(left, figures, count), evaluate(right, figures, count))
        case Call(function, arguments):
            columns = (evaluate(argument, figures, count) for argument in arguments)
            chosen = min if function == "min" else max
            return [None if None in each else chosen(each) for each in zip(*columns, strict=True)]


def _combined(operator: str, left: Values, right: Values) -> Values:
    pairs = zip(left, right, strict=True)
    match operator:
        case "+":
            return [_finite(a + b) if a is not None and b is not None else None for a, b in pairs]
        case "-":
            return [_finite(a - b) if a is not None and b is not None else None for a, b in pairs]
        case "*":
            return [_finite(a * b) if a is not None and b is not None else None for a, b in pairs]
        case _:
            return [_finite(a / b) if a is not None and b else None for a, b in pairs]


def _finite(figure: float) -> float | None:
    return figure if isfinite(figure) else None


def time_degree(expression: Expression, degree: Callable[[str], int | None]) -> int | None:
    """How a figure grows with the length of its period: 1 for an amount (it adds up over time), 0 for a rate or a
    level, None where neither holds. `degree(id)` gives it for each input.

    Amounts times or divided by rates are amounts (opportunities × win rate × deal size is money per period); an
    amount ÷ an amount is a rate; what is compared with an earlier period is neither.
    """
    match expression:
        case Number():
            return 0
        case Ref(id, back):
            return None if back else degree(id)
        case Negative(of):
            return time_degree(of, degree)
        case Binary(operator, left, right):
            first, second = time_degree(left, degree), time_degree(right, degree)
            if first is None or second is None:
                return None
            if operator == "*":
                return first + second
            if operator == "/":
                return first - second
            return first if first == second else None
        case Call(_, arguments):
            degrees = {time_degree(argument, degree) for argument in arguments}
            # The larger of two amounts is no amount: its months do not add up to its quarter.
            return 0 if degrees == {0} else None
