"""The command line as a person or a script meets it: output, sentences, exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kpitui import __version__
from kpitui.cli import run
from kpitui.cli.main import COMMANDS
from kpitui.shipped import shipped

SETTINGS = """
[workspace]
name = "Shop"
as_of = 2026-11-04

[source.shop]
files = "shop.csv"
date = "date"
frequency = "monthly"

[kpi.sales]
name = "Sales"
source = "shop"
column = "sales"
aggregate = "sum"
owner = "ops"
target = [{ from = 2026-01-01, value = 100 }]

[kpi.visits]
name = "Visits"
source = "shop"
column = "visits"
aggregate = "sum"

[kpi.yield]
name = "Yield"
formula = "sales / visits"
"""
CSV = "date,sales,visits\n2026-08,90,900\n2026-09,95,0\n2026-10,80,1000\n"


class Told(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        def refuse(word: str) -> None:
            raise AssertionError(f"{word} is no JSON")

        return json.loads(self.out, parse_constant=refuse)


class Kpitui:
    """The program, in this process, in a folder of the test's own."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Told:
        try:
            status = run([str(argument) for argument in arguments])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in err
        return Told(status, out, err)


@pytest.fixture
def kpitui(capsys: pytest.CaptureFixture[str]) -> Kpitui:
    return Kpitui(capsys)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound workspace; the test runs beside it."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "kpitui.toml").write_text(SETTINGS)
    (folder / "shop.csv").write_text(CSV)
    monkeypatch.chdir(tmp_path)
    return folder


def process(*arguments: str, cwd: Path | None = None, stdin: bytes = b"", **environment: str) -> Told:
    """The program in a process of its own, without a terminal."""
    ended = subprocess.run(
        [sys.executable, "-m", "kpitui", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=60,
        env=os.environ | environment,
    )
    return Told(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))


# The program itself


def test_the_version(kpitui: Kpitui) -> None:
    assert kpitui("--version") == (0, f"kpitui {__version__}\n", "")
    assert process("--version") == (0, f"kpitui {__version__}\n", "")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(kpitui: Kpitui, command: str) -> None:
    told = kpitui(*[command] * bool(command), "--help")
    assert told.status == 0
    assert told.out.startswith(f"usage: kpitui {command}".rstrip())


def test_the_help_names_every_command(kpitui: Kpitui) -> None:
    *lines, blank, _, _ = kpitui("--help").out.partition("\ncommands:\n")[2].splitlines()
    assert blank == ""
    assert "  scorecard   every KPI for one period" in lines
    assert [line.split()[0] for line in lines] == list(COMMANDS)
    assert max(map(len, lines)) <= 80


def test_the_json_is_documented_in_the_help(kpitui: Kpitui) -> None:
    for command in ("check", "scorecard", "series", "actions", "cache"):
        assert "JSON: schema" in kpitui(command, "--help").out


def test_help_needs_neither_polars_nor_textual() -> None:
    code = (
        "import sys\nfrom kpitui.cli import run\n"
        "try:\n    run(['scorecard', '--help'])\nexcept SystemExit:\n    pass\n"
        "assert not {'polars', 'textual', 'babel', 'plotext'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_a_command_that_is_misspelt_is_told_with_the_nearest(kpitui: Kpitui) -> None:
    assert "there is no folder scorcard; did you mean kpitui scorecard?" in kpitui("scorcard").err


def test_without_a_terminal_there_are_no_screens(shop: Path) -> None:
    told = process(cwd=shop.parent)
    assert (told.status, told.out) == (2, "")
    assert told.err == "kpitui: there is no kpitui.toml here; name a workspace: kpitui WORKSPACE\n"
    told = process("shop", cwd=shop.parent)
    assert (told.status, told.out) == (2, "")
    assert told.err == "kpitui: the screens need a terminal; kpitui scorecard prints the same as text\n"


def test_a_dumb_terminal_gets_the_scorecard_as_text(
    kpitui: Kpitui, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpitui.cli.screens.on_terminal", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    told = kpitui(shop, "--as-of", "2026-10-05")
    assert (told.status, told.out) == (0, kpitui("scorecard", shop, "--as-of", "2026-10-05").out)
    assert "2026-09" in told.out
    assert "TERM is dumb, and the screens need a terminal that can move its cursor" in told.err
    monkeypatch.chdir(shop.parent)
    assert kpitui().err == "kpitui: there is no kpitui.toml here; name a workspace: kpitui WORKSPACE\n"


@pytest.mark.parametrize(
    "call",
    [
        ("scorecard", "--period"),
        ("scorecard", "--grain", "fortnight"),
        ("scorecard", "--period", "2026-10", "--as-of", "2026-11-04"),
        ("scorecard", "--as-of", "4 Nov"),
        ("scorecard", "--as-of", "1066-10-14"),
        ("scorecard", "--format", "xml"),
        ("series", "--last", "0"),
        ("series", "--last", "ten"),
        ("series", "--last", "٣"),
        ("note", "sales"),
        ("cause", "sales", "--text", "x", "--class", "weather"),
        ("followup", "a-1", "--status", "forgotten"),
        ("actions", "--fail-on", "open"),
        ("--nonsense",),
    ],
)
def test_a_call_that_cannot_be_used_is_status_2(kpitui: Kpitui, shop: Path, call: tuple[str, ...]) -> None:
    told = kpitui(*call)
    assert (told.status, told.out) == (2, "")
    assert "error: " in told.err


# Naming the workspace


@pytest.mark.parametrize("command", ["scorecard", "series", "check", "actions"])
def test_a_workspace_is_an_argument_an_option_or_this_folder(
    kpitui: Kpitui, shop: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    named = kpitui(command, "shop", "--format", "json")
    assert named.status == 0
    assert named == kpitui(command, "-w", "shop", "--format", "json")
    monkeypatch.chdir(shop)
    assert named == kpitui(command, "--format", "json")


def test_it_is_named_once(kpitui: Kpitui, shop: Path) -> None:
    told = kpitui("scorecard", "shop", "-w", "shop")
    assert (told.status, told.err) == (2, "kpitui: name the workspace once: as an argument, or with -w\n")


# Scorecard


def test_a_scorecard_as_text(kpitui: Kpitui, shop: Path) -> None:
    told = kpitui("scorecard", shop)
    assert (told.status, told.err) == (0, "")
    header, *lines = told.out.splitlines()
    assert " ".join(header.split()) == "talk kpi name period actual target status gap change year signal owner remarks"
    assert len(lines) == 3
    assert lines[0].startswith("change the process, or the target  sales")
    assert "80" in lines[0]
    assert "Behind" in lines[0]
    assert "−20.0%" in lines[0]


def test_a_scorecard_as_json(kpitui: Kpitui, shop: Path) -> None:
    answer = kpitui("scorecard", shop, "--format", "json").json
    assert (answer["workspace"], answer["as_of"], answer["grain"], answer["period"]) == (
        "Shop",
        "2026-11-04",
        "month",
        "2026-10",
    )
    assert [(kpi["id"], kpi["actual"], kpi["status"]) for kpi in answer["kpis"]] == [
        ("sales", 80.0, "behind"),
        ("visits", 1000.0, "no_target"),
        ("yield", 0.08, "no_target"),
    ]


def test_a_figure_that_is_missing_is_null(kpitui: Kpitui, shop: Path) -> None:
    *_, ratio = kpitui("scorecard", shop, "--period", "2026-09", "--format", "json").json["kpis"]
    assert (ratio["id"], ratio["actual"], ratio["status"]) == ("yield", None, "no_data")  # 95 ÷ 0


def test_a_scorecard_as_csv_and_markdown(kpitui: Kpitui, shop: Path) -> None:
    (shop / "kpitui.toml").write_text(SETTINGS.replace('name = "Sales"', 'name = "=SUM(A1) | x"'))
    [_, first, *_] = kpitui("scorecard", shop, "--format", "csv").out.splitlines()
    assert first.startswith('"change the process, or the target",sales,\'=SUM(A1) | x,2026-10,80.0,100.0,behind,-0.2')
    [_, _, first, *_] = kpitui("scorecard", shop, "--format", "markdown").out.splitlines()
    assert first.startswith(
        "| change the process, or the target | sales | =SUM(A1) \\| x | 2026-10 | 80 | 100 | Behind"
    )


def test_periods_and_grains(kpitui: Kpitui, shop: Path) -> None:
    def shown(*options: str) -> tuple[str, str, float]:
        answer = kpitui("scorecard", shop, "--format", "json", *options).json
        return answer["grain"], answer["period"], answer["kpis"][0]["actual"]

    assert shown("--period", "2026-08") == ("month", "2026-08", 90)
    assert shown("--period", "2026-Q3") == ("quarter", "2026-Q3", 185)
    assert shown("--grain", "week") == ("week", "2026-W44", 80)
    assert shown("--as-of", "2026-10-30") == ("month", "2026-09", 95)
    assert shown("--grain", "quarter", "--as-of", "2026-12-31") == ("quarter", "2026-Q4", 80)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--period", "October"), "'October' is not a period; write 2026-10, 2026-W44, 2026-10-31, 2026-Q4 or 2026"),
        (("--period", "2026-13"), "'2026-13' is not a period"),
        (("--period", "FY26"), "'FY26' is not a period"),
        (("--period", "2026-10", "--grain", "week"), "2026-10 is a month, not a week"),
        (("--period", "0001-01"), "0001-01 is not between 1900 and 2200"),
        (("--period", "9998-W01"), "9998-W01 is not between 1900 and 2200"),
        (("--period", "\x1b[2J"), "is not a period"),
    ],
)
def test_a_period_that_is_none(kpitui: Kpitui, shop: Path, options: tuple[str, ...], said: str) -> None:
    told = kpitui("scorecard", shop, *options)
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("kpitui: ")
    assert said in told.err
    assert "\x1b" not in told.err


def test_where_years_are_fiscal_the_example_of_a_period_is_too(kpitui: Kpitui, shop: Path) -> None:
    settings = shop / "kpitui.toml"
    settings.write_text(settings.read_text().replace("[workspace]\n", "[workspace]\nfiscal_year_start = 4\n"))
    told = kpitui("scorecard", shop, "--period", "2026")
    assert told.status == 2
    assert "'2026' is not a period; write 2026-10, 2026-W44, 2026-10-31, FY2026-Q4 or FY2026" in told.err


@pytest.mark.parametrize("period", ["1900-01", "2200-12", "1900", "2200-W52", "1900-01-01"])
def test_the_ends_of_time_have_no_figures(kpitui: Kpitui, shop: Path, period: str) -> None:
    answer = kpitui("scorecard", shop, "--period", period, "--format", "json").json
    assert {kpi["actual"] for kpi in answer["kpis"]} <= {None, 80.0, 1000.0, 0.08}


# Series


def test_a_series_as_json(kpitui: Kpitui, shop: Path) -> None:
    answer = kpitui("series", shop, "--kpi", "sales", "--last", "3", "--format", "json").json
    [sales] = answer["kpis"]
    assert [(point["period"], point["value"], point["change"]) for point in sales["points"]] == [
        ("2026-09", 95.0, pytest.approx(0.0555555556)),
        ("2026-10", 80.0, pytest.approx(-0.1578947368)),
        ("2026-11", None, None),
    ]
    assert sales["to_date"]["year"]["value"] == 265.0


def test_a_series_of_all_kpis_or_of_those_named(kpitui: Kpitui, shop: Path) -> None:
    def ids(*options: str) -> list[str]:
        return [kpi["id"] for kpi in kpitui("series", shop, "--format", "json", *options).json["kpis"]]

    assert ids() == ["sales", "visits", "yield"]
    assert ids("--kpi", "yield", "--kpi", "sales") == ["yield", "sales"]


def test_a_series_as_text(kpitui: Kpitui, shop: Path) -> None:
    told = kpitui("series", shop, "--last", "2")
    assert (told.status, len(told.out.splitlines())) == (0, 7)
    csv = kpitui("series", shop, "--kpi", "sales", "--last", "2", "--format", "csv").out.splitlines()
    assert csv[1].startswith("sales,2026-10,80.0,1.0,")
    assert csv[2].startswith("sales,2026-11,,")


def test_a_series_goes_no_further_back_than_the_calendar(kpitui: Kpitui, shop: Path) -> None:
    answer = kpitui("series", shop, "--kpi", "sales", "--grain", "year", "--last", "10000", "--format", "json").json
    [sales] = answer["kpis"]
    assert [point["start"] for point in sales["points"][:2]] == ["0002-01-01", "0003-01-01"]
    assert (len(sales["points"]), sales["points"][-1]["period"]) == (2025, "2026")


def test_an_unknown_kpi_is_told_with_the_nearest(kpitui: Kpitui, shop: Path) -> None:
    told = kpitui("series", shop, "--kpi", "sale")
    assert (told.status, told.out, told.err) == (2, "", "kpitui: there is no KPI 'sale'; did you mean sales?\n")
    assert kpitui("series", shop, "--kpi", "zzz").err == "kpitui: there is no KPI 'zzz'\n"


def test_each_file_is_read_once(kpitui: Kpitui, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    opening = os.open

    def counting(path: Any, *arguments: Any, **named: Any) -> int:
        read.append(Path(path).name)
        return opening(path, *arguments, **named)

    monkeypatch.setattr(os, "open", counting)
    assert kpitui("series", shop).status == 0
    assert read.count("shop.csv") == 1


def test_what_was_known_at_an_earlier_day(kpitui: Kpitui, shop: Path) -> None:
    (shop / "kpitui.toml").write_text(
        SETTINGS.replace('frequency = "monthly"', 'frequency = "monthly"\nrecorded = "at"')
        + '\n[kpi.mood]\nname = "Mood"\nsource = "manual"\n'
    )
    (shop / "shop.csv").write_text("date,sales,visits,at\n2026-10,80,10,2026-11-01\n2026-10,90,10,2026-11-03\n")
    typed = shop / "measurements" / "manual" / "mood.csv"
    typed.parent.mkdir(parents=True)
    typed.write_text("period,value,by,at\n2026-10,3,a,2026-11-02T23:00:00Z\n2026-10,4,a,2026-11-03T00:00:00Z\n")

    def known(*options: str) -> list[float | None]:
        for _ in range(2):  # the second time with what the first one kept
            card = kpitui("scorecard", shop, "--format", "json", *options).json["kpis"]
            told = kpitui("series", shop, "--last", "2", "--format", "json", *options).json["kpis"]
        found = {kpi["id"]: kpi["actual"] for kpi in card}
        assert found == {kpi["id"]: kpi["points"][0]["value"] for kpi in told}
        return [found[id_] for id_ in ("sales", "mood")]

    assert known() == [90, 4]
    assert known("--known-at", "2026-11-02") == [80, 3]
    for command in ("scorecard", "series"):
        told = kpitui(command, shop, "--known-at", "2026-11-02", "--format", "json").json
        assert told["known_at"] == "2026-11-02"
    assert known("--known-at", "2026-11-01") == [80, None]
    assert known("--known-at", "2026-10-31") == [None, None]
    assert known() == [90, 4]


# Check


def test_a_sound_workspace_has_advice_at_the_most(kpitui: Kpitui, shop: Path) -> None:
    told = kpitui("check", shop)
    assert told.status == 0
    assert told.out.splitlines()[-1].startswith("3 KPIs, 0 problems, ")
    assert "advice   kpitui.toml:19: kpi.visits.owner: no owner" in told.out


def test_check_tells_every_mistake(kpitui: Kpitui, shop: Path) -> None:
    wrong = SETTINGS.replace('owner = "ops"', 'ownr = "ops"').replace("sales / visits", "sales / visit")
    (shop / "kpitui.toml").write_text(wrong + "".join(f'\n[view.v{n}]\ncolour = "red"\n' for n in range(30)))
    (shop / "shop.csv").write_text(CSV.replace("900", "lots"))
    told = kpitui("check", shop)
    problems = [line for line in told.out.splitlines() if line.startswith("problem  ")]
    assert (told.status, told.err) == (1, "")
    assert len(problems) == 33
    assert any("unknown key `ownr`" in line for line in problems)
    assert any("problem  shop.csv:2:12: " in line for line in problems)
    answer = kpitui("check", shop, "--format", "json").json
    assert set(answer) == {"schema", "workspace", "problems", "advice"}
    assert set(answer["problems"][0]) == {"file", "line", "column", "key", "message", "hint", "holds_up"}
    assert len(answer["problems"]) == 33
    assert set(answer["advice"][0]) == {*answer["problems"][0], "rule", "kpis"}


def test_other_commands_count_problems_and_go_on(kpitui: Kpitui, shop: Path) -> None:
    (shop / "shop.csv").write_text(CSV.replace("900", "lots"))
    told = kpitui("scorecard", shop, "--format", "json")
    assert told.status == 0
    assert told.json["problems"] == 1
    assert told.err.startswith("shop.csv:2:12: ")
    assert told.json["kpis"][0]["actual"] == 80


def test_of_many_problems_the_first_are_told(kpitui: Kpitui, shop: Path) -> None:
    (shop / "kpitui.toml").write_text(SETTINGS + "".join(f'\n[view.v{n}]\ncolour = "red"\n' for n in range(30)))
    lines = kpitui("scorecard", shop).err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 10 more problems: kpitui check tells up to 20 of a kind"


# Nothing to show


def test_a_folder_that_is_missing_or_no_workspace(kpitui: Kpitui, shop: Path) -> None:
    (shop.parent / "empty").mkdir()
    for command in ("scorecard", "series", "check", "actions"):
        assert kpitui(command, "nowhere") == (2, "", "kpitui: there is no folder nowhere\n")
        assert kpitui(command, "empty") == (2, "", "kpitui: empty is no workspace: it has no kpitui.toml\n")
        assert kpitui(command, "shop/shop.csv") == (2, "", "kpitui: shop/shop.csv is not a folder\n")


def test_a_kpitui_toml_that_is_a_folder(kpitui: Kpitui, shop: Path) -> None:
    (shop.parent / "odd" / "kpitui.toml").mkdir(parents=True)
    for command in ("scorecard", "series", "check", "actions"):
        assert kpitui(command, "odd") == (2, "", "kpitui: odd/kpitui.toml is not a file\n")


@pytest.mark.parametrize(
    "text", ["[workspace\n", "[kpi.x]\nformula = 7\n", "\0", "kpi = 3\n", "[kpi.x]\nsource = 'nowhere'\n"]
)
def test_a_kpitui_toml_of_which_nothing_is_left(kpitui: Kpitui, shop: Path, text: str) -> None:
    (shop / "kpitui.toml").write_text(text)
    told = kpitui("scorecard", "shop")
    assert (told.status, told.out) == (2, "")
    assert told.err.startswith("kpitui: shop defines no KPI that can be shown:\n  kpitui.toml:")
    assert kpitui("check", "shop").status == 1


def test_a_kpitui_toml_that_is_not_text(kpitui: Kpitui, shop: Path) -> None:
    (shop / "kpitui.toml").write_bytes(b"\xff\xfe\x00")
    assert kpitui("scorecard", "shop").status == 2
    assert kpitui("check", "shop").status == 1


@pytest.mark.parametrize("content", [b"", b"\n", b"date,sales,visits\n", b"<html></html>\n", b"\xff\xfe\x00", b"\0\0"])
def test_a_csv_without_values_shows_none(kpitui: Kpitui, shop: Path, content: bytes) -> None:
    (shop / "shop.csv").write_bytes(content)
    told = kpitui("scorecard", shop, "--format", "json")
    assert told.status == 0
    assert [kpi["actual"] for kpi in told.json["kpis"]] == [None, None, None]
    assert kpitui("series", shop, "--format", "json").status == 0
    assert kpitui("check", shop).status in (0, 1)


@pytest.mark.parametrize("name", ["shop.csv", "events.csv", "kpis/more.toml", "reviews/2026-10-monthly.toml"])
def test_a_folder_where_a_file_should_be(kpitui: Kpitui, shop: Path, name: str) -> None:
    (shop / name).unlink(missing_ok=True)
    (shop / name).mkdir(parents=True)
    told = kpitui("check", shop)
    assert told.status == 1
    assert f"problem  {name}" in told.out
    assert kpitui("scorecard", shop).status == 0
    assert kpitui("series", shop).status == 0


@pytest.mark.parametrize("name", ["kpis", "reviews"])
def test_a_file_where_a_folder_should_be(kpitui: Kpitui, shop: Path, name: str) -> None:
    (shop / name).write_text("x")
    assert kpitui("scorecard", shop).status == 0
    assert kpitui("check", shop).status in (0, 1)
    told = kpitui("note", "-w", shop, "sales", "--text", "x", "--by", "ada")
    if name == "reviews":
        assert (told.status, told.out) == (2, "")
        assert "\nkpitui: reviews/2026-11-monthly.toml was not written: File exists." in told.err


def test_what_a_file_says_reaches_no_terminal(kpitui: Kpitui, shop: Path) -> None:
    evil = "\\u001b]0;owned\\u0007\\u202e"
    (shop / "kpitui.toml").write_text(SETTINGS.replace('name = "Sales"', f'name = "{evil}"'))
    (shop / "shop.csv").write_text(CSV.replace("900", "\x1b[2J9"))
    for command in (("scorecard",), ("series",), ("check",), ("scorecard", "--format", "markdown")):
        told = kpitui(*command, shop)
        assert not {"\x1b", "\x07", "\u202e"} & set(told.out + told.err)


# Records


def test_note_cause_and_decision(kpitui: Kpitui, shop: Path) -> None:
    for command in ("note", "cause", "decision"):
        told = kpitui(command, "sales", "-w", shop, "--text", f"a {command}", "--by", "ada", "--period", "2026-09")
        record_id = told.out.strip()
        assert told.status == 0
        assert record_id.startswith(f"{command[0]}-")
        assert told.err.startswith("saved reviews/2026-11-monthly.toml:")
        text = (shop / "reviews/2026-11-monthly.toml").read_text()
        block = text.partition(f"[{command}.{record_id}]")[2]
        assert block.startswith('\nkpi = "sales"\nperiod = "2026-09"\nby = "ada"\n')
        assert f"a {command}" in block


def test_a_cause_with_all_that_it_may_say(kpitui: Kpitui, shop: Path) -> None:
    details = (
        "--class",
        "process",
        "--confidence",
        "confirmed",
        "--why",
        "one",
        "--why",
        "two",
        "--segment",
        "region = EMEA",
    )
    told = kpitui("cause", "sales", "-w", shop, "--text", "Routing.", "--by", "ada", *details)
    assert told.status == 0
    text = (shop / "reviews/2026-11-monthly.toml").read_text()
    for line in ('segment = "region = EMEA"', 'class = "process"', 'confidence = "confirmed"'):
        assert line in text
    assert "# Sales · 80 of 100 · behind" in text


def test_a_text_from_standard_input(kpitui: Kpitui, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("first line\nsecond line\n"))
    assert kpitui("note", "sales", "-w", shop, "--text", "-", "--by", "ada").status == 0
    assert 'text = """\nfirst line\nsecond line"""' in (shop / "reviews/2026-11-monthly.toml").read_text()


def test_standard_input_that_is_not_utf_8(shop: Path) -> None:
    told = process(
        "note", "sales", "-w", str(shop), "--text", "-", stdin=b"J\xfcrgen", PYTHONUTF8="1", PYTHONIOENCODING="utf-8"
    )
    assert (told.status, told.err) == (2, "kpitui: what came on standard input is not UTF-8 text\n")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (("note", "sales", "--text", " "), "the note needs a text"),
        (("note", "sale", "--text", "x"), "there is no KPI 'sale'; did you mean sales?"),
        (("note", "sales", "--text", "x", "--period", "soon"), "'soon' is not a period"),
        (("note", "sales", "--text", "x", "--review", "2020-01-monthly"), "No review has the id 2020-01-monthly"),
        (("action", "sales", "@ops fri"), "An action needs a title"),
        (("followup", "a-none", "--status", "done"), "there is no action 'a-none'"),
        (("followup", "a-none", "--due", "someday"), "'someday' is no day"),
    ],
)
def test_a_record_that_cannot_be_written(kpitui: Kpitui, shop: Path, call: tuple[str, ...], said: str) -> None:
    told = kpitui(*call, "-w", shop, "--by", "ada")
    assert (told.status, told.out) == (2, "")
    assert said in told.err
    assert not (shop / "reviews").exists()


def acted(kpitui: Kpitui, shop: Path, line: str) -> str:
    told = kpitui("action", "sales", line, "-w", shop, "--by", "ada")
    assert told.status == 0
    return told.out.strip()


def test_actions_and_what_became_of_them(kpitui: Kpitui, shop: Path) -> None:
    late = acted(kpitui, shop, "call them @ops 2026-10-26")
    soon = acted(kpitui, shop, "write to them @eve fri")

    told = kpitui("actions", shop)
    assert told.status == 0
    assert [line.split()[0] for line in told.out.splitlines()] == ["action", late, soon]
    assert "9 d" in told.out.splitlines()[1]

    assert kpitui("followup", late, "-w", shop, "--status", "doing", "--due", "+1w", "--by", "ada").status == 0
    [first, second] = kpitui("actions", shop, "--format", "json").json["actions"]
    assert (first["id"], second["id"]) == (soon, late)
    assert (second["status"], second["due"], second["slips"], second["overdue"]) == ("doing", "2026-11-11", 1, False)
    assert set(second) == {"id", "kpi", "title", "owner", "status", "due", "overdue", "slips", "by", "at", "file"}

    assert kpitui("followup", soon, "-w", shop, "--status", "done", "--by", "ada").status == 0
    assert [action["id"] for action in kpitui("actions", shop, "--format", "json").json["actions"]] == [late]
    assert len(kpitui("actions", shop, "--all", "--format", "json").json["actions"]) == 2


def test_actions_are_tasks_of_a_calendar(kpitui: Kpitui, shop: Path) -> None:
    """In UTF-8 and with the line ends of iCalendar, whatever the terminal's are."""
    acted(kpitui, shop, "Büro anrufen @ops fri")
    ended = subprocess.run(
        [sys.executable, "-m", "kpitui", "actions", shop, "--format", "ics"],
        capture_output=True,
        timeout=60,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=True,
    )
    assert ended.stdout.startswith(b"BEGIN:VCALENDAR\r\n")
    assert ended.stdout.count(b"\n") == ended.stdout.count(b"\r\n")
    assert "SUMMARY:Büro anrufen\r\n".encode() in ended.stdout
    assert b"DUE;VALUE=DATE:20261106\r\n" in ended.stdout


def test_fail_on_overdue(kpitui: Kpitui, shop: Path) -> None:
    soon = acted(kpitui, shop, "write to them @eve fri")
    assert kpitui("actions", shop, "--fail-on", "overdue").status == 0
    acted(kpitui, shop, "call them @ops 2026-10-26")
    assert kpitui("actions", shop, "--fail-on", "overdue").status == 1
    assert kpitui("actions", shop, "--fail-on", "overdue", "--owner", "eve").status == 0
    assert kpitui("actions", shop).status == 0
    overdue = kpitui("actions", shop, "--overdue", "--format", "csv")
    assert soon not in overdue.out
    assert len(overdue.out.splitlines()) == 2


def test_the_author_is_who_the_machine_says(kpitui: Kpitui, shop: Path, home: Path) -> None:
    (home / "config" / "kpitui").mkdir(parents=True)
    (home / "config" / "kpitui" / "config.toml").write_text('by = "head"\n')
    assert kpitui("note", "sales", "-w", shop, "--text", "x").status == 0
    assert 'by = "head"' in (shop / "reviews/2026-11-monthly.toml").read_text()


def test_what_was_recorded_is_on_the_scorecard(kpitui: Kpitui, shop: Path) -> None:
    acted(kpitui, shop, "call them @ops 2026-10-26")
    kpitui("note", "sales", "-w", shop, "--text", "x", "--by", "ada")
    sales = kpitui("scorecard", shop, "--format", "json").json["kpis"][0]
    assert (sales["notes"], sales["open_actions"]) == (1, 1)


# The demo


def test_the_demo_is_copied_once(kpitui: Kpitui, home: Path) -> None:
    told = kpitui("demo", "--path")
    copy = Path(told.out.strip())
    assert told.status == 0
    assert copy.is_relative_to(home)
    assert kpitui("scorecard", copy).status == 0

    (copy / "kpitui.toml").write_text("# mine\n")
    assert kpitui("demo", "--path").out.strip() == str(copy)
    assert (copy / "kpitui.toml").read_text() == "# mine\n"


def test_a_fresh_demo_loses_nothing_that_was_written_in_the_former_one(kpitui: Kpitui) -> None:
    copy = Path(kpitui("demo", "--path").out.strip())
    note = kpitui("note", "mqls", "-w", copy, "--text", "Mine.", "--by", "ada").out.strip()

    told = kpitui("demo", "--path", "--fresh")
    [former] = copy.parent.glob("demo-*")
    assert (told.status, told.out) == (0, f"{copy}\n")
    assert told.err == f"What you had in the demo is kept in {former}\n"
    assert any(note in review.read_text() for review in (former / "reviews").glob("*.toml"))
    assert not any(note in review.read_text() for review in (copy / "reviews").glob("*.toml"))
    assert kpitui("check", former).status == 0

    for _ in range(2):  # within a second, perhaps
        (copy / "mine.txt").write_text("Mine, too.")
        assert kpitui("demo", "--path", "--fresh").status == 0
    assert len(list(copy.parent.glob("demo-*/mine.txt"))) == 2
    assert len(list(copy.parent.iterdir())) == 4


def test_a_demo_that_cannot_be_copied_leaves_the_former_one(kpitui: Kpitui, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = Path(kpitui("demo", "--path").out.strip())
    (copy / "mine.txt").write_text("Mine.")

    def no_room(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", no_room)
    told = kpitui("demo", "--path", "--fresh")
    assert (told.status, told.out) == (2, "")
    assert told.err == f"kpitui: the demo cannot be copied to {copy}: [Errno 28] No space left on device\n"
    assert (copy / "mine.txt").read_text() == "Mine."
    assert [path.name for path in copy.parent.iterdir()] == ["demo"]


def test_a_demo_in_which_nothing_was_written_is_not_kept(kpitui: Kpitui) -> None:
    copy = Path(kpitui("demo", "--path").out.strip())
    kpitui("scorecard", copy)
    told = kpitui("demo", "--path", "--fresh")
    assert (told.status, told.err) == (0, "")
    assert [path.name for path in copy.parent.iterdir()] == ["demo"]
    assert (copy / "kpitui.toml").read_bytes() == (shipped("data") / "demo" / "kpitui.toml").read_bytes()


def test_the_demos_have_names(kpitui: Kpitui) -> None:
    assert Path(kpitui("demo", "b2b-dashboard", "--path").out.strip()).name == "b2b-dashboard"
    told = kpitui("demo", "../../etc", "--path")
    assert (told.status, told.out) == (2, "")
    assert told.err == "kpitui: there is no demo '../../etc'; there are b2b-dashboard, demo\n"


# Terminals and pipes


def test_a_terminal_that_lacks_the_signs_gets_what_stands_for_them(shop: Path) -> None:
    told = process("scorecard", str(shop), PYTHONIOENCODING="ascii")
    assert told.status == 0
    assert "-20.0%" in told.out
    assert "?20.0%" not in told.out


def test_a_reader_that_has_seen_enough(shop: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "kpitui", "series", str(shop), "--last", "10000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stderr
    child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(60) == 0


@pytest.mark.parametrize("command", [("find", "leads"), ("retract", "n-none"), ("measure", "leads", "2026-10", "5")])
def test_as_of_may_stand_before_commands_that_only_know_records(
    kpitui: Kpitui, shop: Path, command: tuple[str, ...]
) -> None:
    before, without = (kpitui(*first, *command, "-w", str(shop)) for first in (("--as-of", "2026-11-04"), ()))
    assert (before.status, before.out, before.err) == (without.status, without.out, without.err)
