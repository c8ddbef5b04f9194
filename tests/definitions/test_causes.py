"""What only follows from another mistake is told with it."""

from __future__ import annotations

import pytest

from tests.definitions.conftest import Open

CUSTOMER = """\
[kpi.leads]
formula = "mqls + sqls"
[kpi.win_rate]
formula = "sqls / mqls"
"""
FINANCIAL = """\
[kpi.cost]
formula = "win_rate * leads"
parent = "leads"
[kpi.profit]
formula = "cost - 1"
[kpi.plain]
formula = "sqls * 2"
"""
EVENTS = "date,kpi,text\n2026-01-02,leads,Price up\n2026-01-03,win_rate,Price down\n"


def test_a_broken_file_of_kpis_is_one_line_and_says_what_has_no_figures(with_crm: Open) -> None:
    definitions, problems = with_crm("", a_toml="x = [\n" + CUSTOMER, b_toml=FINANCIAL, events_csv=EVENTS)
    [problem] = problems
    assert problem.place.startswith("kpis/a.toml:")
    assert str(problem).endswith(
        "(nothing in this file is used until it parses); until then no figures for cost, profit"
    )
    assert definitions.unread == ("kpis/a.toml",)
    assert list(definitions.kpis) == ["plain"]


def test_broken_settings_are_one_line(with_crm: Open) -> None:
    definitions, problems = with_crm("[workspace\n", a_toml=CUSTOMER, b_toml=FINANCIAL, events_csv=EVENTS)
    assert [problem.place for problem in problems] == ["kpitui.toml:16:11"]
    assert definitions.unread == ("kpitui.toml",)


def test_a_broken_source_is_told_once_with_all_that_needs_it(with_crm: Open) -> None:
    _, problems = with_crm(
        "[source.web]\nfiles = 'w.csv'\ndate = 'd'\nfrequency = 'dayly'\n"
        "[measure.visits]\nsource = 'web'\ncolumn = 'v'\naggregate = 'sum'\n",
        a_toml="[kpi.rate]\nformula = 'sqls / visits'\n[kpi.on]\nformula = 'rate * 2'\n",
    )
    [problem] = problems
    assert (problem.key, problem.holds_up) == ("source.web.frequency", ("visits", "rate", "on"))


def test_a_source_that_nothing_defines_is_told_once(with_crm: Open) -> None:
    measures = "".join(
        f"[measure.{name}]\nsource = 'wbe'\ncolumn = '{name}'\naggregate = 'sum'\n" for name in ("visits", "clicks")
    )
    _, problems = with_crm(measures, a_toml="[kpi.rate]\nformula = 'clicks / visits'\n")
    [problem] = problems
    assert (problem.place, problem.message) == ("kpitui.toml:17", "unknown source `wbe`")
    assert problem.holds_up == ("clicks", "rate")


def test_each_unknown_id_is_a_mistake_of_its_own_where_all_files_are_read(with_crm: Open) -> None:
    _, problems = with_crm("", a_toml="[kpi.a]\nformula = 'mqlz'\n[kpi.b]\nformula = 'mqlz + a'\n")
    assert [(problem.line, problem.message, problem.holds_up) for problem in problems] == [
        (2, "unknown id `mqlz`", ("b",)),
        (4, "unknown id `mqlz`", ()),
    ]


def test_a_mistake_that_shapes_no_figure_does_not_take_the_blame(with_crm: Open) -> None:
    files = "[kpi.a]\nformula = 'mqlz'\n[kpi.b]\nformula = 'a'\nteir = 'primary'\n[kpi.c]\nformula = 'b'\n"
    _, problems = with_crm("", a_toml=files)
    assert [(problem.key, problem.holds_up) for problem in problems] == [
        ("kpi.a.formula", ("b", "c")),
        ("kpi.b.teir", ()),
    ]


def test_a_long_chain_is_followed_in_no_time(with_crm: Open) -> None:
    chain = "".join(f"[kpi.k{n}]\nformula = 'k{n - 1} + 1'\n" for n in range(1, 300))
    _, problems = with_crm("", a_toml=f"[kpi.k0]\nformula = 'mqlz'\n{chain}")
    [problem] = problems
    assert len(problem.holds_up) == 299


@pytest.mark.parametrize(
    ("count", "told"),
    [(1, "k1"), (5, "k1, k2, k3, k4, k5"), (6, "k1, k2, k3, k4 and 2 more")],
)
def test_the_line_names_a_few(with_crm: Open, count: int, told: str) -> None:
    kpis = "".join(f"[kpi.k{n}]\nformula = 'k0'\n" for n in range(1, count + 1))
    _, problems = with_crm("", a_toml=f"[kpi.k0]\nformula = 'mqlz'\n{kpis}")
    assert str(problems[0]).endswith(f"; until then no figures for {told}")
