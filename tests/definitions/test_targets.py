from __future__ import annotations

from datetime import date

import pytest

from kpitui.periods import Grain

from .conftest import CRM, Open

SETTINGS = "workspace.targets = 'targets.csv'\n" + CRM
HEADER = "kpi,from,until,value,low,high,per,reason\n"
RATE = "[kpi.rate]\nformula = 'sqls / mqls'\n"


def test_rows_stand_beside_inline_entries_by_date(opened: Open) -> None:
    definitions, problems = opened(
        SETTINGS
        + RATE
        + "target = [{ from = 2026-03-01, value = 0.3 }]\n"
        + "[kpi.temperature]\nformula = 'sqls'\ndirection = 'range'\n",
        targets_csv=HEADER
        + "rate,2026-06-01,2026-12-31,0.35,,,year,\n"
        + 'rate,2026-01-01,,.25,,,,"median, not the peak"\n'
        + "temperature,2026-01-01,,,18,21.5,week,\n",
    )
    assert problems == []
    assert [
        (target.since, target.until, target.value, target.per, target.reason)
        for target in definitions.kpis["rate"].targets
    ] == [
        (date(2026, 1, 1), None, 0.25, Grain.DAY, "median, not the peak"),
        (date(2026, 3, 1), None, 0.3, Grain.DAY, ""),
        (date(2026, 6, 1), date(2026, 12, 31), 0.35, Grain.YEAR, ""),
    ]
    (comfortable,) = definitions.kpis["temperature"].targets
    assert (comfortable.low, comfortable.high, comfortable.value) == (18, 21.5, None)


def test_the_period_that_a_value_is_for_is_the_kpis_grain(opened: Open) -> None:
    definitions, _ = opened(CRM + RATE + "grain = 'month'\ntarget = { from = 2026-01-01, value = 1 }")
    assert definitions.kpis["rate"].targets[0].per is Grain.MONTH


@pytest.mark.parametrize(
    ("row", "key", "said"),
    [
        ("rat,2026-01-01,,1,,,,", "kpi", "unknown KPI `rat` (did you mean `rate`?)"),
        (",2026-01-01,,1,,,,", "kpi", "`kpi` is missing"),
        ("rate,,,1,,,,", "from", "`from` is missing"),
        ("rate,01/02/2026,,1,,,,", "from", "expected a date, found `01/02/2026`"),
        ("rate,2026-02-30,,1,,,,", "from", "expected a date"),
        ("rate,2026-01-01,2025-01-01,1,,,,", "until", "before"),
        ("rate,2026-01-01,,25%,,,,", "value", "expected a number, found `25%`"),
        ('rate,2026-01-01,,"1,000",,,,', "value", "expected a number"),
        ("rate,2026-01-01,,nan,,,,", "value", "expected a number"),
        ("rate,2026-01-01,,1e999,,,,", "value", "expected a number"),
        ("rate,2026-01-01,,,,,,", "value", "nothing to aim at"),
        ("rate,2026-01-01,,,1,2,,", "low", 'direction "range"'),
        ("rate,2026-01-01,,1,,,monthly,", "per", "one of day, week, month"),
        ("rate,2026-01-01,,1,,,", None, "7 cells, where the header has 8"),
        ('rate,2026-01-01,,1,,,,"open', None, "not CSV from here on"),
    ],
)
def test_a_row_that_is_wrong(opened: Open, row: str, key: str | None, said: str) -> None:
    definitions, problems = opened(SETTINGS + RATE, targets_csv=f"{HEADER}\nrate,2025-01-01,,1,,,,\n{row}\n")
    assert [(problem.file, problem.line, problem.key) for problem in problems] == [("targets.csv", 4, key)]
    assert said in str(problems[0])
    # What is known to be the KPI's and wrong leaves no older target in its place.
    assert len(definitions.kpis["rate"].targets) == (1 if key in ("kpi", None) else 0)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("kpi,form,value", ["unknown column `form` (did you mean `from`?)", "no column `from`"]),
        ("kpi,from,value,start", ["unknown column `start`"]),
        ("kpi,from,kpi", ["column `kpi` is there twice"]),
        ("kpi;from;value", ["unknown column `kpi;from;value`", "no column `kpi`", "no column `from`"]),
        ("", ["no column `kpi`", "no column `from`"]),
    ],
)
def test_a_header_that_is_wrong(opened: Open, header: str, said: list[str]) -> None:
    _, problems = opened(SETTINGS + RATE, targets_csv=header)
    assert len(problems) == len(said)
    for problem, fragment in zip(problems, said, strict=True):
        assert problem.line == 1
        assert fragment in str(problem)


def test_a_text_over_several_lines_keeps_the_count_of_lines(opened: Open) -> None:
    _, problems = opened(
        SETTINGS + RATE, targets_csv=HEADER + 'rate,2026-01-01,,1,,,,"two\nlines"\nrate,2026-02-01,,x,,,,\n'
    )
    assert [problem.line for problem in problems] == [4]
