"""Columns that somebody chose are there the next time."""

from __future__ import annotations

from pathlib import Path

from kpitui.workspace.chosen_columns import ChosenColumns
from kpitui.workspace.state_folder import state_folder

KNOWN = ("actual", "gap", "owner")


def test_they_are_kept_per_workspace(tmp_path: Path) -> None:
    ChosenColumns(tmp_path / "one", KNOWN).choose(("owner", "actual"))
    assert ChosenColumns(tmp_path / "one", KNOWN).ids == ("owner", "actual")
    assert ChosenColumns(tmp_path / "two", KNOWN).ids is None


def test_none_goes_back_to_the_usual_ones(tmp_path: Path) -> None:
    chosen = ChosenColumns(tmp_path, KNOWN)
    chosen.choose(("gap",))
    chosen.choose(None)
    assert ChosenColumns(tmp_path, KNOWN).ids is None


def test_unknown_and_repeated_columns_are_left_out(tmp_path: Path) -> None:
    ChosenColumns(tmp_path, KNOWN).choose(("gap", "weather", "gap"))
    assert ChosenColumns(tmp_path, KNOWN).ids == ("gap",)


def test_a_damaged_file_is_left_out_and_told(tmp_path: Path) -> None:
    ChosenColumns(tmp_path, KNOWN).choose(("gap",))
    (state_folder(tmp_path) / "columns.json").write_bytes(b'{"gap"')
    chosen = ChosenColumns(tmp_path, KNOWN)
    assert (chosen.ids, chosen.damaged) == (None, True)
