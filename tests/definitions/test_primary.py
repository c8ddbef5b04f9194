from __future__ import annotations

from kpitui.definitions.primary import too_many_primary, unled

from .conftest import Open

PEOPLE = "[person.ann]\nname = 'Ann'\nteam = 'Sales'\n[person.bob]\nname = 'Bob'\nteam = 'Sales'\n"


def primary(owners: str) -> str:
    """A primary KPI for each letter: x0, x1, … of ann, bob, or nobody (-)."""
    names = {"a": "owner = 'ann'\n", "b": "owner = 'bob'\n", "-": ""}
    return PEOPLE + "".join(
        f"[kpi.x{number}]\nformula = 'sqls'\ntier = 'primary'\n{names[letter]}" for number, letter in enumerate(owners)
    )


def test_no_more_than_ten_primary_kpis(with_crm: Open) -> None:
    assert too_many_primary(with_crm(primary("-" * 10))[0]) == []
    definitions, _ = with_crm(primary("-" * 11))
    [said] = too_many_primary(definitions)
    assert said.rule == "primary"
    assert said.problem.message == "11 KPIs are primary, more than 10 get no attention"
    assert (said.problem.key, said.problem.line) == ("kpi.x10.tier", definitions.kpis["x10"].line)
    assert len(said.kpis) == 11


def test_no_more_than_five_of_one_owner_or_of_one_team(with_crm: Open) -> None:
    assert too_many_primary(with_crm(primary("aaaaa"))[0]) == []
    said = too_many_primary(with_crm(primary("aaabaaab"))[0])
    assert [(each.rule, each.problem.key, each.problem.message) for each in said] == [
        ("primary_of_owner", "kpi.x6.tier", "Ann has 6 primary KPIs, more than 5 get no attention"),
        ("primary_of_team", "kpi.x5.tier", "Sales has 8 primary KPIs, more than 5 get no attention"),
    ]


def test_a_team_of_one_owner_is_told_of_once(with_crm: Open) -> None:
    assert [each.rule for each in too_many_primary(with_crm(primary("aaaaaa"))[0])] == ["primary_of_owner"]


def lagging(more: str) -> str:
    return f"[kpi.revenue]\nformula = 'sqls * 2'\ntier = 'primary'\nkind = 'lagging'\n{more}"


def test_a_lagging_primary_kpi_needs_a_leading_one(with_crm: Open) -> None:
    [said] = unled(with_crm(lagging(""))[0])
    assert (said.rule, said.kpis, said.problem.key, said.problem.hint) == (
        "leading",
        ("revenue",),
        "kpi.revenue.kind",
        'predicts = [{ kpi = "revenue", lag = … }] under the KPI that moves first',
    )


def test_what_leads_to_it_may_predict_it_or_be_part_of_it_or_stand_under_it_several_steps_before(
    with_crm: Open,
) -> None:
    leading = "formula = 'mqls'\nkind = 'leading'\n"
    deals = "[kpi.deals]\nformula = 'mqls'\nkind = 'lagging'\nparent = 'revenue'\n"
    for led in (
        f"[kpi.calls]\n{leading}predicts = [{{ kpi = 'revenue', lag = 1 }}]\n",
        f"[kpi.calls]\n{leading}parent = 'revenue'\n",
        f"[kpi.calls]\n{leading}predicts = [{{ kpi = 'deals' }}]\n{deals}",
    ):
        definitions, problems = with_crm(lagging(led))
        assert problems == []
        assert unled(definitions) == [], led
    formula = lagging("").replace("sqls * 2", "calls * 2") + f"[kpi.calls]\n{leading}"
    assert unled(with_crm(formula)[0]) == []
    assert [each.kpis for each in unled(with_crm(lagging(f"[kpi.calls]\n{leading}"))[0])] == [("revenue",)]


def test_what_is_not_primary_or_leads_itself_needs_none(with_crm: Open) -> None:
    assert unled(with_crm(lagging("").replace("primary", "supporting"))[0]) == []
    assert unled(with_crm(lagging("").replace("lagging", "leading"))[0]) == []
