"""What the scorecard showed last, for the next start."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kpitui import cli, stamps
from kpitui.measurements import cache_folder
from kpitui.workspace import glance, numbers
from kpitui.workspace.numbers import Said
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import write_workspace


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A file that was just written is not to be trusted; that is a test of its own.
    monkeypatch.setattr(stamps, "SURE_AFTER", 0)
    return write_workspace(tmp_path / "acme")


def kept_file(root: Path) -> Path:
    return cache_folder.folder_of(root) / "scorecard.glance"


def opened(root: Path, asked: date | None = None) -> Workspace:
    workspace = Workspace.open(root, as_of=asked)
    glance.keep(workspace, asked)
    return workspace


def test_the_scorecard_comes_back_as_it_was(root: Path) -> None:
    workspace = opened(root)
    found = glance.take(root, None)
    assert found is not None
    assert found.holds(root)
    assert {row.kpi.id: row.point.value for row in found.scorecard.rows} == {
        "leads": 70.0,
        "response": 6.2,
        "churn": 11.0,
    }
    assert found.scorecard == workspace.scorecard()
    assert found.definitions == workspace.definitions


@pytest.mark.parametrize(
    "name", ["kpitui.toml", "measurements/crm.csv", "kpis/more.toml", "events.csv", "reviews/2026-10-monthly.toml"]
)
def test_a_file_that_was_changed_or_came_later_ends_its_hold(root: Path, name: str) -> None:
    opened(root)
    path = root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(path.read_text() + "\n" if path.exists() else "# new\n")
    found = glance.take(root, None)
    assert found is not None
    assert not found.holds(root)


def test_young_files_are_not_trusted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "SURE_AFTER", 3600 * 10**9)
    opened(root)
    found = glance.take(root, None)
    assert found is not None
    assert not found.holds(root)


def test_another_day_is_another_scorecard(root: Path) -> None:
    opened(root, date(2026, 9, 30))
    assert glance.take(root, None) is None
    assert glance.take(root, date(2026, 8, 31)) is None
    found = glance.take(root, date(2026, 9, 30))
    assert found is not None
    assert found.scorecard.period.id == "2026-09"


def test_without_a_date_of_its_own_it_holds_for_the_day(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text().replace("as_of = 2026-11-04\n", ""))
    opened(root)
    assert glance.take(root, None) is not None

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date.fromordinal(date.today().toordinal() + 1)  # noqa: DTZ011

    monkeypatch.setattr(glance, "date", Tomorrow)
    assert glance.take(root, None) is None


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"x" * 100])
def test_a_damaged_one_is_not_used(root: Path, damage: bytes) -> None:
    opened(root)
    kept_file(root).write_bytes(damage)
    assert glance.take(root, None) is None


def test_a_byte_that_differs_spoils_it(root: Path) -> None:
    opened(root)
    path = kept_file(root)
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    assert glance.take(root, None) is None


def test_another_program_s_is_not_used(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(root)
    monkeypatch.setattr(glance, "__version__", "0.0.1")
    assert glance.take(root, None) is None


def test_it_goes_with_the_cache(root: Path) -> None:
    opened(root)
    assert kept_file(root).exists()
    cache_folder.clear(root)
    assert not kept_file(root).exists()


def test_where_it_cannot_be_written_nothing_is_lost(root: Path) -> None:
    cache_folder.where().parent.mkdir(parents=True, exist_ok=True)
    cache_folder.where().write_text("a file where the folder should be")
    opened(root)
    assert glance.take(root, None) is None


def test_texts_come_back_so_that_babel_is_not_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_SAID", Said())
    numbers.decimal(1234.5, 1, "de_DE")
    opened(root)
    monkeypatch.setattr(numbers, "_SAID", Said())
    assert glance.take(root, None) is not None

    def asked(*_: object) -> str:
        raise AssertionError("Babel was asked")

    monkeypatch.setattr(numbers, "_decimal", asked)
    assert numbers.decimal(1234.5, 1, "de_DE") == "1.234,5"


@pytest.mark.parametrize("form", ["json", "table", "csv", "markdown"])
def test_the_command_prints_what_is_kept_without_opening_the_workspace(
    root: Path, form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = root / "kpitui.toml"
    settings.write_text(settings.read_text() + '\n[kpi.bad]\nname = "Bad"\nsource = "nowhere"\n')
    call = ["scorecard", str(root), "--format", form]
    assert cli.run(call) == 0
    first = capsys.readouterr()
    assert "nowhere" in first.err

    def opened(*_: object, **__: object) -> Workspace:
        raise AssertionError("the workspace was opened")

    with monkeypatch.context() as patched:
        patched.setattr(Workspace, "open", opened)
        assert cli.run(call) == 0
        assert capsys.readouterr() == first
        for more in (["--no-cache"], ["--period", "2026-09"], ["--grain", "year"], ["--known-at", "2026-10-01"]):
            with pytest.raises(AssertionError, match="the workspace was opened"):
                cli.run([*call, *more])
    data = root / "measurements" / "crm.csv"
    data.write_text(data.read_text().replace("2026-10,70,", "2026-10,71,"))
    assert cli.run(call) == 0
    assert "71" in capsys.readouterr().out


def test_what_the_screen_said_stays_when_the_command_keeps_its_own(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "_SAID", Said())
    numbers.decimal(1234.5, 1, "de_DE")
    opened(root)
    monkeypatch.setattr(numbers, "_SAID", Said())
    opened(root)
    found = glance.take(root, None)
    assert found is not None
    assert found.said.decimals[1234.5, 1, "de_DE"] == "1.234,5"
