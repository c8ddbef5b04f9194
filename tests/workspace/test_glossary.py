from __future__ import annotations

import pytest

from kpitui.definitions.formula import parse
from kpitui.workspace.advice import all_advice
from kpitui.workspace.formula_words import formula_words
from kpitui.workspace.glossary import advised, glossary, told

from .conftest import Open

NAMES = {"a": "SQLs", "b": "MQLs", "c": "Price"}


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("a / b", "SQLs ÷ MQLs"),
        ("a * (b - c)", "SQLs × (MQLs − Price)"),
        ("a - (b - c)", "SQLs − (MQLs − Price)"),
        ("(a - b) - c", "SQLs − MQLs − Price"),
        ("a / (b * c)", "SQLs ÷ (MQLs × Price)"),
        ("a + (b + c)", "SQLs + MQLs + Price"),
        ("-(a + b)", "−(SQLs + MQLs)"),
        ("a / prev(a) - 1", "SQLs ÷ SQLs a period before − 1"),
        ("max(a, prev(b, 3)) * 0.5", "the greatest of (SQLs, MQLs 3 periods before) × 0.5"),
    ],
)
def test_a_formula_is_said_with_names(formula: str, words: str) -> None:
    assert formula_words(parse(formula), NAMES.__getitem__) == words


SETTINGS = """\
[workspace]
as_of = 2026-11-04
currency = "EUR"
[person.ops]
name = "Operations"
[objective.growth]
title = "Twice as many customers"
[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"
[measure.mqls]
name = "MQLs"
source = "crm"
column = "mqls"
aggregate = "sum"
[kpi.sqls]
name = "SQLs"
source = "crm"
column = "sqls"
aggregate = "sum"
where = { region = ["EMEA", "APAC"] }
type = "volume"
objective = "growth"
[kpi.cost]
name = "Cost per SQL"
formula = "spend / sqls"
unit = "currency"
direction = "down"
owner = "ops"
data_source = "Ledger"
frequency = "monthly"
tier = "primary"
kind = "leading"
pair = "sqls"
question = "Do we pay too much?"
objective = "growth"
target = [{ from = 2026-01-01, value = 100 }]
[kpi.spend]
source = "manual"
name = "Spend"
owner = "ops"
"""


def test_each_kpi_is_there_by_name_with_what_it_means_and_lacks(opened: Open) -> None:
    workspace = opened(SETTINGS, {"crm.csv": "month,region,mqls,sqls\n2026-10,EMEA,20,5\n"})
    found = glossary(workspace.definitions, all_advice(workspace.journal, workspace.figures))
    assert [
        (each.kpi.name, each.made_of, each.unit, each.owner, each.source, each.frequency, each.lacks)
        for each in found.meanings
    ] == [
        ("Cost per SQL", "Spend ÷ SQLs", "EUR", "Operations", "Ledger", "monthly", ""),
        ("Spend", "typed in", "number", "Operations", "", "monthly", "target, source, frequency, objective"),
        ("SQLs", "sum of sqls where region = EMEA or APAC", "number", "", "crm", "monthly", "target, owner, pair"),
    ]
    assert found.advice == ()
    assert told(found.meanings[0], workspace.definitions) == [
        "Spend ÷ SQLs · EUR, less is better",
        "Operations · Ledger · monthly",
        "primary · leading · pair: SQLs · Twice as many customers",
        "Do we pay too much?",
    ]
    assert advised(found.meanings[2].advice[1]) == 'no owner: so far it is only a metric → owner = "…"'


def test_what_concerns_several_stands_apart(opened: Open) -> None:
    settings = SETTINGS.replace("[objective.growth]\n", "").replace('title = "Twice as many customers"\n', "")
    workspace = opened(settings.replace('objective = "growth"\n', ""), {"crm.csv": "month,region,mqls,sqls\n"})
    found = glossary(workspace.definitions, all_advice(workspace.journal, workspace.figures))
    assert [each.rule for each in found.advice] == ["objectives"]
