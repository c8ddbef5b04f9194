from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.definitions.formula import (
    Binary,
    Call,
    FormulaError,
    Negative,
    Number,
    Ref,
    evaluate,
    parse,
    references,
    time_degree,
)

FIGURES = {"a": 12.0, "b": 4.0, "c": 2.0, "zero": 0.0}


def figure(text: str) -> float | None:
    [found] = evaluate(parse(text), lambda name, back: [FIGURES[name] - back if name in FIGURES else None])
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c", 20.0),
        ("(a + b) * c", 32.0),
        ("a - b - c", 6.0),
        ("a / b / c", 1.5),
        ("a / b * c", 6.0),
        ("a / (b * c)", 1.5),
        ("-a + b", -8.0),
        ("a - -b", 16.0),
        ("--a", 12.0),
        ("-b * c", -8.0),
        ("2 * -3", -6.0),
        ("1.5e2 + .5 + 2.", 152.5),
        ("min(a, b, c)", 2.0),
        ("max(a, b + 10)", 14.0),
        ("max(a)", 12.0),
        ("prev(a)", 11.0),
        ("prev(a, 3)", 9.0),
        ("prev(a, n = 3)", 9.0),
        ("(a - prev(a)) / prev(a, 8)", 0.25),
        ("  a\n/\tb  ", 3.0),
    ],
)
def test_figures(text: str, expected: float) -> None:
    assert figure(text) == expected


@pytest.mark.parametrize("text", ["a + missing", "missing * 0", "max(a, missing)", "-missing", "prev(missing)"])
def test_a_missing_input_gives_no_figure(text: str) -> None:
    assert figure(text) is None


@pytest.mark.parametrize("text", ["a / zero", "zero / zero", "1e308 * 10", "1 / (1e308 * 10)", "-1e308 - 1e308"])
def test_nothing_is_divided_by_zero_or_overflows(text: str) -> None:
    assert figure(text) is None


def test_the_tree() -> None:
    assert parse("a - min(2, -b) / prev(a, 4)") == Binary(
        "-",
        Ref("a"),
        Binary("/", Call("min", (Number(2.0), Negative(Ref("b")))), Ref("a", 4)),
    )


def test_references_are_named_once_in_the_order_of_the_text() -> None:
    assert references(parse("b + a * b - prev(a) + max(c, a)")) == (Ref("b"), Ref("a"), Ref("a", 1), Ref("c"))


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("won", 1),
        ("won + lost - open", 1),
        ("-(won - lost)", 1),
        ("won * 2", 1),
        ("won * rate * rate", 1),
        ("won * lost / open", 1),
        ("won / lost", 0),
        ("rate * 2 + 1", 0),
        ("max(rate, 1)", 0),
        ("won * lost", 2),
        ("won + rate", None),
        ("won + 5", None),
        ("won - prev(won)", None),
        ("max(won, lost)", None),
    ],
)
def test_amounts_add_up_over_time_and_rates_do_not(text: str, degree: int | None) -> None:
    assert time_degree(parse(text), lambda name: 0 if name == "rate" else 1) == degree


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", 1, "found the end"),
        ("a +", 4, "found the end"),
        ("a + )", 5, "expected a number, an id or `(`, found `)`"),
        ("(a + b", 7, "expected `)`, found the end"),
        ("a b", 3, "expected an operator, found `b`"),
        ("a ** b", 4, "found `*`"),
        ("a % b", 3, "unexpected `%`"),
        ("a + £", 5, "unexpected `£`"),
        ("+a", 1, "found `+`"),
        ("sum(a, b)", 1, "unknown function `sum`, there are min, max, prev"),
        ("min()", 5, "found `)`"),
        ("min(a,)", 7, "found `)`"),
        ("prev(2)", 6, "expected an id, found `2`"),
        ("prev(a + b)", 8, "expected `)`"),
        ("prev(a, 0)", 9, "from 1 to 1000"),
        ("prev(a, 1001)", 9, "from 1 to 1000"),
        ("prev(a, 1.5)", 9, "from 1 to 1000"),
        ("prev(a, -1)", 9, "from 1 to 1000"),
        ("1e999", 1, "too large"),
        ("__import__('os')", 12, "unexpected `'`"),
        ("__import__(os)", 1, "unknown function `__import__`"),
        ("().__class__", 3, "unexpected `.`"),
        ("a.b", 2, "unexpected `.`"),
        ("lambda: 0", 7, "unexpected `:`"),
    ],
)
def test_what_is_no_formula_says_where(text: str, column: int, said: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse(text)
    assert said in error.value.message
    assert error.value.column == column


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(" * 10_000, "longer than 1000 characters"),
        ("(" * 51 + "a" + ")" * 51, "nested more than 50 deep"),
        ("-" * 60 + "a", "nested more than 50 deep"),
        ("min(" * 60 + "a" + ")" * 60, "nested more than 50 deep"),
        ("+".join(["a"] * 150), "more than 200 terms"),
    ],
)
def test_bounds(text: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said):
        parse(text)


def test_formulas_up_to_the_bounds_are_read() -> None:
    assert figure("(" * 49 + "a" + ")" * 49) == 12.0
    assert figure("+".join(["a"] * 100)) == 1200.0


@given(st.one_of(st.text(), st.text(alphabet="ab1.,+-*/()= \nminprev")))
def test_any_text_is_a_formula_or_says_why_not(text: str) -> None:
    try:
        tree = parse(text)
    except FormulaError as error:
        column = error.column
    else:
        column = 1
        evaluate(tree, lambda name, back: [1e300])
        time_degree(tree, lambda name: 1)
    assert 1 <= column <= len(text) + 1


def test_a_formula_is_worked_out_for_several_periods_at_once() -> None:
    columns = {"a": [1.0, None, 6.0, 8.0], "b": [2.0, 5.0, 0.0, 1e-310]}
    found = evaluate(parse("max(a / b, 2 - a)"), lambda name, back: columns[name], 4)
    assert found == [1.0, None, None, None]  # 1 ÷ 2 against 2 − 1; no a; ÷ 0; more than a float can hold
