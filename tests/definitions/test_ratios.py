"""What a formula is in shape: a ratio of amounts, a part of its whole."""

from __future__ import annotations

import pytest

from kpitui.definitions.check import advice
from kpitui.definitions.ratios import countable, is_sum, part_of_whole, ratio

from .conftest import Open

MORE = """\
[measure.price]
source = "crm"
column = "price"
aggregate = "mean"

[kpi.leads]
formula = "mqls + sqls"

[kpi.rate]
"""


@pytest.mark.parametrize(
    ("formula", "is_ratio", "is_part", "is_countable"),
    [
        ("sqls / mqls", True, True, True),
        ("(mqls - sqls) / mqls", True, True, True),
        ("1 - sqls / mqls", True, True, True),
        ("sqls / leads", True, True, True),
        ("sqls / mqls * 100", True, False, False),
        ("-(sqls / mqls) / 2", True, False, False),
        ("100 * sqls / mqls", True, True, True),
        ("sqls / price", False, False, False),
        ("sqls * price", False, False, False),
        ("sqls / mqls - price", False, False, False),
        ("prev(sqls) / mqls", False, False, False),
        ("leads", False, False, False),
    ],
)
def test_what_is_a_ratio(with_crm: Open, formula: str, is_ratio: bool, is_part: bool, is_countable: bool) -> None:
    definitions, problems = with_crm(f'{MORE}formula = "{formula}"\nunit = "percent"\n')
    assert problems == []
    kpi = definitions.kpis["rate"]
    found = ratio(kpi, definitions), part_of_whole(kpi, definitions), countable(kpi, definitions)
    assert [each is not None for each in found] == [is_ratio, is_part, is_countable]


def test_a_kpi_of_its_own_measure_is_no_ratio(with_crm: Open) -> None:
    definitions, _ = with_crm('[kpi.open]\nsource = "crm"\ncolumn = "open"\naggregate = "mean"\n')
    assert ratio(definitions.kpis["open"], definitions) is None


def test_an_average_is_no_part_of_a_whole_unless_it_is_written_or_charted_so(with_crm: Open) -> None:
    for line, is_part in (
        ('formula = "sqls / mqls"', False),
        ('formula = "(mqls - sqls) / mqls"', True),
        ('formula = "sqls / mqls"\nchart = { method = "p" }', True),
        ('formula = "sqls / mqls"\nunit = "percent"\nchart = { method = "u" }', False),
    ):
        definitions, problems = with_crm(f"[kpi.rate]\n{line}\n")
        assert problems == []
        assert (part_of_whole(definitions.kpis["rate"], definitions) is not None) is is_part, line


def test_a_chart_of_counts_of_something_else_is_advised_against(with_crm: Open) -> None:
    def said(formula: str, method: str, unit: str = "number") -> list[str]:
        definitions, _ = with_crm(
            f'[kpi.rate]\nformula = "{formula}"\nunit = "{unit}"\nchart = {{ method = "{method}" }}\n'
        )
        return [each.problem.message for each in advice(definitions) if each.rule == "chart_method"]

    assert said("sqls / mqls", "p") == []
    assert said("sqls / mqls", "u") == []
    assert said("sqls", "p") == ["a p chart needs a part ÷ whole of counts: nhs stands in"]
    assert said("sqls / mqls", "u", "currency") == ["a u chart needs events ÷ units: nhs stands in"]


@pytest.mark.parametrize(
    ("formula", "sums"),
    [
        ("leads", True),
        ("-(sqls + mqls) * 2 / 7 - 3 * leads", True),
        ("sqls / mqls", False),
        ("sqls * price", False),
        ("price", False),
        ("prev(sqls)", False),
        ("max(sqls, mqls)", False),
        ("sqls + 1", False),
    ],
)
def test_what_is_the_sum_of_its_segments(with_crm: Open, formula: str, sums: bool) -> None:
    definitions, problems = with_crm(f'{MORE}formula = "{formula}"\n')
    assert problems == []
    expression = definitions.kpis["rate"].formula
    assert expression
    assert is_sum(expression, definitions) is sums
