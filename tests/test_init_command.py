"""`kpitui init`: from a CSV to a workspace that opens."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import pytest

from kpitui import cli

CALLS = """\
month,team,calls,answered,complaints,revenue EUR
2026-08,north,400,380,4,1000
2026-08,south,300,290,1,900.5
2026-09,north,410,390,3,1100
2026-09,south,310,295,2,900
2026-10,north,420,395,5,1200
2026-10,south,330,300,2,910
"""


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    path = tmp_path / "call centre.csv"
    path.write_text(CALLS, encoding="utf-8")
    return path


def written(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "kpitui.toml").read_text(encoding="utf-8"))


def test_from_a_csv_to_a_scorecard(calls: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "desk"
    assert cli.run(["init", str(root), "--from", str(calls), "--name", "Help desk", "--yes"]) == 0
    assert "3  Complaints   complaints   sum  number  less" in capsys.readouterr().out
    assert written(root)["source"] == {
        "call_centre": {
            "files": "measurements/call centre.csv",
            "date": "month",
            "frequency": "monthly",
            "segments": ["team"],
        }
    }
    assert cli.run(["check", str(root)]) == 0
    assert cli.run(["scorecard", str(root), "--period", "2026-10", "--format", "csv"]) == 0
    told = capsys.readouterr().out
    # 5 + 2 complaints; 1200 + 910 euros
    assert "complaints,Complaints,2026-10,7.0," in told
    assert "revenue_eur,revenue EUR,2026-10,2110.0," in told


def test_a_person_changes_the_proposal_before_it_is_written(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["1 target 700", "2 off", "9 off", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(calls)]) == 0
    kpis = written(tmp_path / "desk")["kpi"]
    assert list(kpis) == ["calls", "complaints", "revenue_eur"]
    assert kpis["calls"]["target"][0]["value"] == 700
    assert "there is no line 9" in capsys.readouterr().out


def test_who_leaves_before_the_end_has_written_nothing(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def closed(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", closed)
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(calls)]) == 2
    assert not (tmp_path / "desk").exists()
    assert "nothing was written" in capsys.readouterr().err


def test_a_csv_in_the_folder_stays_where_it_is(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["init", ".", "--from", calls.name, "--yes"]) == 0
    assert written(tmp_path)["source"]["call_centre"]["files"] == "call centre.csv"
    assert not (tmp_path / "measurements").exists()


def test_a_file_that_ended_long_ago_is_seen_as_of_its_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.csv").write_text("month,calls\n2019-01,4\n2019-02,5\n", encoding="utf-8")
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(tmp_path / "old.csv"), "--yes"]) == 0
    assert "as of 2019-02-28" in capsys.readouterr().out
    assert str(written(tmp_path / "desk")["workspace"]["as_of"]) == "2019-02-28"


def test_dates_of_two_readings_are_asked_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "us.csv").write_text("date,calls\n10/01/2026,4\n10/02/2026,5\n10/03/2026,5\n", encoding="utf-8")
    call = ["init", str(tmp_path / "desk"), "--from", str(tmp_path / "us.csv")]
    assert cli.run([*call, "--yes"]) == 2
    assert '--date-format "%d/%m/%Y" or --date-format "%m/%d/%Y"' in capsys.readouterr().err
    lines = iter(["3", "2", ""])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    assert cli.run(call) == 0
    assert "Is 10/01/2026  1) 10 January 2026  or  2) 01 October 2026?" in capsys.readouterr().out
    source = written(tmp_path / "desk")["source"]["us"]
    assert (source["date_format"], source["frequency"]) == ("%m/%d/%Y", "daily")


def test_an_empty_workspace_opens_and_takes_typed_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "new"
    assert cli.run(["init", str(root)]) == 0
    assert cli.run(["check", str(root)]) == 0
    assert cli.run(["measure", "first", "2026-10", "5", "-w", str(root), "--by", "Ann"]) == 0
    capsys.readouterr()
    assert cli.run(["scorecard", str(root), "--period", "2026-10", "--format", "csv"]) == 0
    assert "first,A first KPI,2026-10,5.0," in capsys.readouterr().out


def test_hostile_names_are_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a\x1b]52;c;eA==\x07[1] $x.csv"
    path.write_text('"month","[/b] ""x""\\","calls\x1b[31m"\n2026-09,1,2\n2026-10,3,4\n', encoding="utf-8")
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(path), "--yes"]) == 0
    told = capsys.readouterr().out
    assert "\x1b" not in told
    assert cli.run(["scorecard", str(tmp_path / "desk"), "--period", "2026-10", "--format", "csv"]) == 0
    assert capsys.readouterr().out.count(",2026-10,") == 2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["init", "{root}", "--from", "{root}/none.csv"], "cannot be read"),
        (["init", "{root}", "--from", "{root}/a.xlsx"], "export it as CSV"),
        (["init", "{root}/a.xlsx"], "is not a folder"),
        (["init", "{root}/there"], "is a workspace already"),
    ],
)
def test_what_cannot_become_a_workspace_says_why(
    tmp_path: Path, call: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "kpitui.toml").write_text("", encoding="utf-8")
    assert cli.run([*(word.format(root=tmp_path) for word in call), "--yes"]) == 2
    assert said in capsys.readouterr().err


def test_lines_from_a_pipe_change_it_too(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1 down\n\n1 target 5 a month\n"))
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(calls)]) == 0
    assert written(tmp_path / "desk")["kpi"]["calls"]["direction"] == "down"
    monkeypatch.setattr("sys.stdin", io.StringIO("1 downwards\n"))
    assert cli.run(["init", str(tmp_path / "other"), "--from", str(calls)]) == 2
    assert "`downwards` is no change" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_what_was_said_is_no_guess_and_a_currency_holds_for_amounts_that_come_later(
    calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("currency USD\n1 currency\n1 down\n"))
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(calls)]) == 0
    assert written(tmp_path / "desk")["workspace"]["currency"] == "USD"
    text = (tmp_path / "desk" / "kpitui.toml").read_text(encoding="utf-8")
    calls_kpi = text.partition("[kpi.calls]")[2].partition("[kpi.answered]")[0]
    assert 'unit = "currency"\n' in calls_kpi
    assert 'direction = "down"\n' in calls_kpi
    assert 'aggregate = "sum"               # guessed' in calls_kpi


def test_what_is_not_read_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"2026-{month:02},{month},€{month},{month}00%,k.A.,oops {month}\n" for month in range(1, 7))
    (tmp_path / "a.csv").write_text(f"month,calls,cost,share,wait,note\n{rows}", encoding="utf-8")
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(tmp_path / "a.csv"), "--yes"]) == 0
    told = capsys.readouterr().out
    assert "left out: cost — `€1` is no number: export it without the currency, as 1" in told
    assert "left out: share — `100%` is no number: export it without the percent sign, as 1" in told


def test_a_damaged_cell_is_not_declared_as_no_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(f"2026-{month:02},{month},{month}\n" for month in range(1, 9))
    (tmp_path / "a.csv").write_text(f"month,calls,cost\n{rows}2026-09,#REF!,n/a\n", encoding="utf-8")
    assert cli.run(["init", str(tmp_path / "desk"), "--from", str(tmp_path / "a.csv"), "--yes"]) == 0
    assert written(tmp_path / "desk")["source"]["a"]["missing"] == ["", "N/A", "-", "n/a"]
    told = capsys.readouterr()
    assert "no value: n/a" in told.out
    assert "`#REF!` is not a number" in told.err
