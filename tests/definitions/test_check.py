from __future__ import annotations

from kpitui.definitions.check import advice

from .conftest import Open


def test_what_a_kpi_lacks_comes_with_the_line_to_add(with_crm: Open) -> None:
    definitions, problems = with_crm("[objective.growth]\n[kpi.x]\nformula = 'sqls'\nreview = 'weekly'\n")
    assert problems == []
    said = advice(definitions)
    assert {(each.file, each.line, each.level) for each in said} == {("kpitui.toml", 17, "advice")}
    assert [(each.key, each.hint) for each in said] == [
        ("kpi.x.target", "target = [{ from = 2026-01-01, value = … }]"),
        ("kpi.x.owner", 'owner = "…"'),
        ("kpi.x.objective", 'objective = "growth"'),
        ("kpi.x.review", "add [review.weekly] to kpitui.toml"),
    ]


def test_a_complete_kpi_needs_no_advice(with_crm: Open) -> None:
    definitions, _ = with_crm("[kpi.x]\nformula = 'sqls'\nowner = 'Ann'\ntarget = { from = 2026-01-01, value = 1 }\n")
    assert advice(definitions) == []


def test_no_more_than_ten_primary_kpis(with_crm: Open) -> None:
    complete = "formula = 'sqls'\nowner = 'Ann'\ntier = 'primary'\ntarget = { from = 2026-01-01, value = 1 }\n"
    tables = [f"[kpi.x{number}]\n{complete}" for number in range(11)]
    assert advice(with_crm("".join(tables[:10]))[0]) == []
    assert [each.message for each in advice(with_crm("".join(tables))[0])] == [
        "11 KPIs are primary, more than 10 get no attention"
    ]
