"""Figures that are typed in: how they are understood, and that a file is only ever added to."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpitui.cli import run
from kpitui.definitions.load import load
from kpitui.definitions.model import Kpi
from kpitui.periods import Calendar, Grain
from kpitui.problems import KpituiError
from kpitui.terms import Frequency
from kpitui.workspace.checking import check
from kpitui.workspace.manual import append, current, period_to_type
from kpitui.workspace.opening import Workspace
from kpitui.workspace.typed import Figure, understand

SETTINGS = """\
[workspace]
name = "Acme"
as_of = 2026-11-04
currency = "EUR"

[source.crm]
files = "crm.csv"
date = "month"
frequency = "monthly"

[measure.spend]
source = "manual"

[kpi.nps]
name = "Net promoter score"
source = "manual"
target = [{ from = 2025-01-01, value = 40 }]

[kpi.rate]
name = "Rate"
source = "manual"
unit = "percent"
frequency = "weekly"

[kpi.visits]
name = "Visits"
source = "manual"
frequency = "weekdays"

[kpi.leads]
name = "Leads"
source = "crm"
column = "leads"
aggregate = "sum"

[kpi.cost]
name = "Cost per lead"
formula = "spend / leads"
"""
FILE = "measurements/manual/nps.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "acme"
    root.mkdir()
    (root / "kpitui.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "crm.csv").write_text("month,leads\n2026-10,50\n", encoding="utf-8")
    return root


def measure(root: Path, *arguments: str) -> int:
    return run(["measure", *arguments, "-w", str(root), "--by", "head"])


def rows(root: Path, file: str = FILE) -> list[str]:
    return (root / file).read_text(encoding="utf-8").splitlines()


# What is understood


def kpi(unit: str = "number", currency: str | None = None) -> Kpi:
    return Kpi(id="x", name="X", file="", line=0, unit=unit, currency=currency)


@pytest.mark.parametrize(
    ("text", "unit", "locale", "written"),
    [
        ("42", "number", "en_GB", "42"),
        (" -4.50 ", "number", "en_GB", "-4.5"),
        ("−4.5", "number", "en_GB", "-4.5"),
        ("1,234.5", "number", "en_GB", "1234.5"),
        ("1,234", "number", "en_GB", "1234"),
        ("1.234,5", "number", "de_DE", "1234.5"),
        ("1,5", "number", "de_DE", "1.5"),
        ("1.5", "number", "de_DE", "1.5"),
        ("0.123", "number", "de_DE", "0.123"),
        ("1'234.5", "number", "de_CH", "1234.5"),
        ("1’234.5", "number", "de_CH", "1234.5"),
        ("1 234,5", "number", "fr_FR", "1234.5"),
        ("22%", "percent", "en_GB", "0.22"),
        ("22 %", "percent", "en_GB", "0.22"),
        ("22,5 %", "percent", "de_DE", "0.225"),
        ("0.22", "percent", "en_GB", "0.22"),
        ("110%", "percent", "en_GB", "1.1"),
        ("0.3%", "percent", "en_GB", "0.003"),
        ("1", "percent", "en_GB", "1"),
        ("9.4h", "hours", "en_GB", "9.4"),
        ("9.4 hours", "hours", "en_GB", "9.4"),
        ("3 days", "days", "en_GB", "3"),
        ("12 tickets", "tickets", "en_GB", "12"),
        ("€1,200", "currency", "en_GB", "1200"),
        ("-€1,200.50", "currency", "en_GB", "-1200.5"),
        ("1.200,50 €", "currency", "de_DE", "1200.5"),
        ("1200 EUR", "currency", "en_GB", "1200"),
        ("1e3", "number", "en_GB", "1000"),
        ("", "number", "en_GB", ""),
        ("-", "percent", "en_GB", ""),
    ],
)
def test_a_figure_is_read_as_people_write_it(text: str, unit: str, locale: str, written: str) -> None:
    figure = understand(text, kpi(unit, "EUR" if unit == "currency" else None), locale)
    assert figure.written == written
    assert figure.value == (float(written) if written else None)


@pytest.mark.parametrize(
    ("text", "unit", "locale", "sentence"),
    [
        ("22", "percent", "en_GB", "`22` may be 22% or 2200%: write the sign %"),
        ("1.1", "percent", "en_GB", "`1.1` may be 1.1% or 110%: write the sign %"),
        ("1.234", "number", "de_DE", "`1.234` is ambiguous here (de_DE): 1234 or 1.234? Write 1234, or 1,234"),
        ("1,5", "number", "en_GB", "`1,5` is not a number; write it such as 1234.5"),
        ("12 %", "number", "en_GB", "`12 %` is not a number; write it such as 1234.5"),
        ("$12", "currency", "en_GB", "`$12` is not a number; write it such as 1234.5"),
        ("10k", "number", "en_GB", "`10k` is not a number; write it such as 1234.5"),
        ("nan", "number", "en_GB", "`nan` is not a number; write it such as 1234.5"),
        ("1e999", "number", "en_GB", "`1e999` is not a number; write it such as 1234.5"),
        ("%", "percent", "en_GB", "`%` is not a number; write it such as 1234.5"),
        ("1.200", "currency", "en_GB", "`1.200` may be 1200 or 1.2: write one of these"),
        ("-€1.000", "currency", "en_GB", "`-€1.000` may be -1000 or -1: write one of these"),
        ("1,200 €", "currency", "de_DE", "`1,200 €` may be 1200 or 1.2: write one of these"),
        ("zwölf", "number", "de_DE", "`zwölf` is not a number; write it such as 1234,5"),
    ],
)
def test_what_could_be_two_numbers_or_none_is_refused(text: str, unit: str, locale: str, sentence: str) -> None:
    with pytest.raises(KpituiError) as caught:
        understand(text, kpi(unit, "EUR" if unit == "currency" else None), locale)
    assert str(caught.value) == sentence


# The command


def test_measure_appends_a_row_says_what_it_understood_and_prints_what_the_file_holds(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert measure(root, "rate", "2026-W44", "22.5%") == 0
    out, err = capsys.readouterr()
    assert out == "0.225\n"
    assert err == "Rate · W44 · 26 Oct–1 Nov 2026: 22.5%\nsaved measurements/manual/rate.csv:2\n"
    header, row = rows(root, "measurements/manual/rate.csv")
    assert header == "period,value,by,at"
    assert row.startswith("2026-W44,0.225,head,")
    assert datetime.fromisoformat(row.rpartition(",")[2]).tzinfo is not None


def test_a_correction_is_a_new_row_and_names_what_it_replaces(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure(root, "nps", "2026-10", "41")
    before = (root / FILE).read_bytes()
    capsys.readouterr()
    assert measure(root, "nps", "2026-10", "42.25") == 0
    today = f"{datetime.now().astimezone():%d %b}".lstrip("0")
    assert f"Net promoter score · Oct 2026: 42.25 instead of 41 (head, {today})" in capsys.readouterr().err
    assert (root / FILE).read_bytes().startswith(before)
    row = Workspace.open(root).scorecard().rows[0]
    assert (row.point.value, row.point.status, row.manual) == (42.25, "ahead", True)


def test_a_value_can_be_taken_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    measure(root, "nps", "2026-10", "41")
    assert measure(root, "nps", "2026-10", "") == 0
    assert "takes back 41 (head, " in capsys.readouterr().err
    assert Workspace.open(root).scorecard().rows[0].point.value is None
    assert measure(root, "nps", "2026-10", "") == 2
    assert "no value of Net promoter score to take back for 2026-10" in capsys.readouterr().err


def test_the_inputs_of_a_formula_are_typed_in_too(root: Path) -> None:
    assert measure(root, "spend", "2026-10", "1000") == 0
    workspace = Workspace.open(root)
    assert workspace.row(workspace.kpi("cost"), workspace.period("2026-10")).point.value == 20.0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("leads", "2026-10", "5"), "Leads comes from the source crm, crm.csv"),
        (("cost", "2026-10", "5"), "Cost per lead is computed: spend / leads"),
        (("npss", "2026-10", "5"), "there is no KPI 'npss'; values are typed in for nps"),
        (("nps", "2026-W44", "5"), "2026-W44 is a week, but Net promoter score has a value per month"),
        (("nps", "October", "5"), "'October' is not a period; Net promoter score takes a month, such as 2026-11"),
        (("nps", "2026-12", "5"), "2026-12 has not begun by 2026-11-04"),
        (("nps", "1526-10", "5"), "1526-10 is not between 1900 and 2200"),
        (("visits", "2026-10-31", "5"), "2026-10-31 is a Saturday; Visits has values from Monday to Friday"),
        (("rate", "2026-W44", "22"), "`22` may be 22% or 2200%"),
    ],
)
def test_what_cannot_be_measured_is_status_2_and_a_sentence(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], sentence: str
) -> None:
    assert measure(root, *arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"kpitui: {sentence}")
    assert not (root / "measurements").exists()


def test_values_come_without_polars(root: Path) -> None:
    code = (
        "import sys; from kpitui.cli import run; "
        f"run(['measure', 'nps', '2026-10', '41', '-w', {str(root)!r}, '--by', 'head']); "
        "sys.exit(bool({'polars', 'textual'} & {name.partition('.')[0] for name in sys.modules}))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_check_tells_what_is_wrong_with_typed_values(root: Path) -> None:
    measure(root, "nps", "2026-10", "41")
    with (root / FILE).open("a") as file:
        file.write("2026-09,4O,head,2026-11-04T09:00:00+01:00\n")
    assert [problem.place for problem in check(root).problems] == [f"{FILE}:3:9"]


# The file


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_others_wrote_stays_and_a_missing_line_end_is_added(root: Path, end: str) -> None:
    theirs = f'at,period,remark,value,by{end}2026-10-05T09:00:00+02:00,2026-09,"a, ""b""",39,ops'.encode()
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_bytes(theirs)
    assert measure(root, "nps", "2026-10", "41") == 0
    raw = (root / FILE).read_bytes()
    assert raw.startswith(theirs + end.encode())
    added = raw[len(theirs + end.encode()) :].decode()
    assert added.endswith(f",2026-10,,41,head{end}")
    workspace = Workspace.open(root)
    assert workspace.problems == []
    assert [workspace.row(workspace.kpi("nps"), workspace.period(p)).point.value for p in ("2026-09", "2026-10")] == [
        39.0,
        41.0,
    ]


def test_a_name_with_commas_quotes_and_line_breaks_stays_one_field(root: Path) -> None:
    run(["measure", "nps", "2026-10", "41", "-w", str(root), "--by", 'Doe, "J"\nx\x1b[31m'])
    assert Workspace.open(root).scorecard().rows[0].point.value == 41.0
    assert len(rows(root)) == 2


def test_a_correction_counts_even_where_another_clock_ran_ahead(root: Path) -> None:
    ahead = datetime.now().astimezone().replace(microsecond=0) + timedelta(hours=3)
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_text(f"period,value,by,at\n2026-10,39,ops,{ahead.isoformat()}\n")
    assert measure(root, "nps", "2026-10", "41") == 0
    assert Workspace.open(root).scorecard().rows[0].point.value == 41.0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("period,value,who,at\n", "there is no column `by`"),
        ("period,value,by,at\n<<<<<<< HEAD\n", "the file holds the marks of a merge conflict"),
        ("period,value,by,at\n2026-1O,39,ops,2026-10-05T09:00:00+02:00\n", f"{FILE}:2: `2026-1O` is not a period"),
        ('period,value,by,at\n2026-10,"39,ops,2026-10-05T09:00:00+02:00\n', f"{FILE}:2: the quotes"),
    ],
)
def test_a_file_in_which_the_value_would_be_lost_is_not_written_to(
    root: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    (root / FILE).parent.mkdir(parents=True)
    (root / FILE).write_text(text)
    assert measure(root, "nps", "2026-10", "41") == 2
    assert f"{FILE} was not written: {sentence}" in capsys.readouterr().err
    assert (root / FILE).read_text() == text


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_leads_out_is_refused(root: Path, capsys: pytest.CaptureFixture[str], what: str) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / "measurements").mkdir()
    if what == "folder":
        (root / "measurements/manual").symlink_to(outside)
    else:
        (root / "measurements/manual").mkdir()
        (root / FILE).symlink_to(outside / "nps.csv")
    assert measure(root, "nps", "2026-10", "41") == 2
    assert "was not written: the link leads out of the workspace" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


def test_a_full_disk_leaves_the_file_as_it_was(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    measure(root, "nps", "2026-09", "39")
    before = (root / FILE).read_bytes()
    write = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 10:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(data)[:-5])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        assert measure(root, "nps", "2026-10", "41") == 2
    assert "the disk is full" in capsys.readouterr().err
    assert (root / FILE).read_bytes() == before


def test_many_writers_lose_nothing(root: Path) -> None:
    code = (
        "import sys; from kpitui.cli import run\n"
        "for month in range(1, 11):\n"
        f"    assert run(['measure', 'nps', f'2026-{{month:02d}}', sys.argv[1], '-w', {str(root)!r}, '--by', 'x']) == 0"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for n in range(3)
    ]
    for writer in writers:
        _, err = writer.communicate(timeout=60)
        assert writer.returncode == 0, err
    assert len(rows(root)) == 31
    assert rows(root).count("period,value,by,at") == 1
    assert Workspace.open(root).problems == []


lines = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "period,value,by,at",
                "2026-10,41,ops,2026-11-03T09:00:00+01:00",
                "2026-10,4O,ops,2026-11-03T09:00:00+01:00",
                "2026-10,,ops,2036-11-03T09:00:00+01:00",
                "2026-1O,41,ops,2026-11-03T09:00:00+01:00",
                '2026-10,41,"ops,2026-11-03T09:00:00+01:00',
                "at,by,value,period,x",
                "\x1a",
            ]
        ),
        st.text(alphabet="0123456789-,.\"'\x00ÿ \t", max_size=12),
    ),
    max_size=5,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines, st.sampled_from(["\n", "\r\n", "\r"]), st.booleans(), st.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_whatever_the_file_holds_stays_and_the_value_counts_or_nothing_is_written(
    root: Path, lines: list[str], end: str, closed: bool, mark: bytes
) -> None:
    definitions, _ = load(root)
    path = root / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    theirs = mark + (end.join(lines) + (end if closed else "")).encode()
    path.write_bytes(theirs)
    nps, october = definitions.kpis["nps"], Calendar().period(Grain.MONTH, date(2026, 10, 1))
    try:
        saved = append(root, definitions, nps, october, Figure(7.5, "7.5"), "head")
    except KpituiError:
        assert path.read_bytes() == theirs
        return
    assert path.read_bytes().startswith(theirs)
    now = current(definitions, nps, october, root)
    assert now is not None
    assert (now.value, now.by) == (7.5, "head")
    written = path.read_bytes().decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert "7.5" in written[saved.line - 1]


# Which period


@pytest.mark.parametrize(
    ("frequency", "shown", "as_of", "period"),
    [
        ("monthly", "2026-10", "2026-11-04", "2026-10"),
        ("monthly", "2026-11", "2026-11-04", "2026-11"),  # under way
        ("monthly", "2026-Q4", "2026-11-04", "2026-10"),
        ("monthly", "2026-Q3", "2026-11-04", "2026-09"),
        ("weekly", "2026-10", "2026-11-04", "2026-W44"),  # 26 October to 1 November: its fourth day is in October
        ("weekly", "2026-09", "2026-11-04", "2026-W39"),
        ("weekly", "2026-11", "2026-11-04", "2026-W45"),  # none in November is over
        ("weekly", "2026-11", "2026-11-09", "2026-W45"),
        ("daily", "2026-10", "2026-11-04", "2026-10-31"),
        ("daily", "2026-11", "2026-11-04", "2026-11-04"),
        ("weekdays", "2026-10", "2026-11-04", "2026-10-30"),
        ("quarterly", "2026-10", "2026-11-04", "2026-Q3"),
        ("quarterly", "2026-09", "2026-11-04", "2026-Q3"),
        ("yearly", "2026-10", "2026-11-04", "2025"),
        ("weekly", "2026-10-28", "2026-11-04", "2026-W43"),
    ],
)
def test_the_period_that_is_meant_on_screen(frequency: Frequency, shown: str, as_of: str, period: str) -> None:
    calendar = Calendar()
    looked_at = calendar.parse(shown)
    assert looked_at
    assert period_to_type(calendar, frequency, looked_at, date.fromisoformat(as_of)).id == period


def test_a_manual_kpi_is_covered_charted_and_stale_like_any_other(root: Path) -> None:
    for month in range(1, 9):
        measure(root, "nps", f"2026-{month:02d}", str(40 + month % 2))
    workspace = Workspace.open(root)
    kpi = workspace.kpi("nps")
    assert workspace.figures.chart(kpi, Grain.MONTH).values == (41, 40, 41, 40, 41, 40, 41, 40)
    october = workspace.row(kpi, workspace.period("2026-10"))
    assert (october.point.value, october.stale_since) == (None, date(2026, 8, 31))
    quarter = workspace.row(kpi, workspace.period("2026-Q3"))
    assert (quarter.point.value, quarter.point.coverage) == (40, 2 / 3)
    assert load(root)[1] == []
