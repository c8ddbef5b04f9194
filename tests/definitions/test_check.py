from __future__ import annotations

from kpitui.definitions.check import advice

from .conftest import Open

COMPLETE = "formula = 'sqls'\nobjective = 'growth'\ntarget = { from = 2026-01-01, value = 1 }\n"
OBJECTIVE = "[objective.growth]\n"


def test_what_a_kpi_lacks_comes_with_the_line_to_add(with_crm: Open) -> None:
    definitions, problems = with_crm("[objective.growth]\n[kpi.x]\nformula = 'sqls'\nreview = 'weekly'\n")
    assert problems == []
    said = advice(definitions)
    assert {(each.problem.file, each.problem.line, each.problem.level, each.kpis) for each in said} == {
        ("kpitui.toml", 17, "advice", ("x",))
    }
    assert [(each.rule, each.problem.key, each.problem.hint) for each in said] == [
        ("target", "kpi.x.target", "target = [{ from = 2026-01-01, value = … }]"),
        ("owner", "kpi.x.owner", 'owner = "…"'),
        ("objective", "kpi.x.objective", 'objective = "growth"'),
        ("review", "kpi.x.review", "add [review.weekly] to kpitui.toml"),
    ]


def test_a_target_that_was_decided_in_a_review_is_one(with_crm: Open) -> None:
    definitions, _ = with_crm(f"{OBJECTIVE}[kpi.x]\nformula = 'sqls'\nowner = 'Ann'\nobjective = 'growth'\n")
    assert [each.rule for each in advice(definitions)] == ["target"]
    assert advice(definitions, decided=["x"]) == []


def test_a_complete_kpi_needs_no_advice(with_crm: Open) -> None:
    definitions, _ = with_crm(f"{OBJECTIVE}[kpi.x]\n{COMPLETE}owner = 'Ann'\n")
    assert advice(definitions) == []


def test_a_workspace_without_objectives_is_told_once(with_crm: Open) -> None:
    tables = "".join(
        f"[kpi.{id_}]\nformula = 'sqls'\nowner = 'Ann'\ntarget = {{ from = 2026-01-01, value = 1 }}\n" for id_ in "xy"
    )
    [said] = advice(with_crm(tables)[0])
    assert (said.rule, said.kpis) == ("objectives", ())
    assert str(said.problem) == (
        "kpitui.toml: objective: no objective is defined: a KPI that serves none is suspect "
        '([objective.growth] with title = "…", two or three of them; then objective = "growth" under each KPI)'
    )
