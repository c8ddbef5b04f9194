"""What the start says of drafts that an earlier session left."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpitui.ui.drafts_left import drafts_left
from kpitui.ui.keymap import KeyMap
from kpitui.ui.widgets.entry import HINTS
from kpitui.workspace.drafts import Drafts
from kpitui.workspace.opening import Workspace
from tests.ui.helpers import write_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(write_workspace(tmp_path / "acme"))


def told(workspace: Workspace, *keys: str) -> str:
    drafts = Drafts(workspace.root)
    for key in keys:
        drafts.put(key, "half a thought")
    said = drafts_left(drafts, workspace, KeyMap())
    drafts.close()
    return said


def test_nothing_is_said_where_there_is_none(workspace: Workspace) -> None:
    assert told(workspace) == ""


@pytest.mark.parametrize(
    ("key", "what", "way"),
    [
        ("note leads", "a note on Leads", "n there"),
        ("action leads", "an action on Leads", "a there"),
        ("value leads 2026-10", "a figure on Leads", "f there"),
        ("finding leads 2026-10 2026-09", "a finding on Leads", "h there"),
        ("keep leads a-8d2f", "a new date for an action on Leads", "+ there"),
        ("done leads a-8d2f", "words for a done action on Leads", "o there"),
        ("dropped leads a-8d2f", "words for a dropped action on Leads", "x there"),
        ("private gone", "a memo on gone", "M there"),
        ("form for leads", "a target on Leads", "t there"),
    ],
)
def test_where_the_draft_is(workspace: Workspace, key: str, what: str, way: str) -> None:
    said = told(workspace, key)
    assert said.startswith(f"A draft is kept ({way}): {what}, from ")


@pytest.mark.parametrize("kind", HINTS)
def test_every_kind_of_line_can_be_told(workspace: Workspace, kind: str) -> None:
    assert told(workspace, f"{kind} leads").startswith("A draft is kept (")


def test_the_form_of_a_record_and_of_one_that_is_gone(workspace: Workspace) -> None:
    row = workspace.row(workspace.kpi("leads"), workspace.period("2026-10"))
    note = workspace.record("note", row, "seen").id
    assert f"the form of note {note} on Leads" in told(workspace, f"form {note}")
    assert "2 drafts are kept, the newest: n-none, which is gone" in told(workspace, "form n-none")


def test_a_kind_of_another_version_is_told_too(workspace: Workspace) -> None:
    assert "A draft is kept: a poem on Leads, from " in told(workspace, "poem leads")
    assert "; it stays in " in told(workspace)
