"""By the mouse alone, in a real pseudo-terminal: whatever the keys do to look at figures, and leaving."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.helpers import SETTINGS, write_workspace

if TYPE_CHECKING:
    from terminal import Terminal

MANY = "".join(
    f'[kpi.more{i}]\nname = "More {i:02}"\nsource = "crm"\ncolumn = "response"\naggregate = "mean"\nteir = "primary"\n'
    for i in range(20)
)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    running = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    root = write_workspace(tmp_path / "acme", SETTINGS + MANY)
    with running.Terminal([sys.executable, "-m", "kpitui", str(root)]) as program:
        program.wait_for("FIND THE CAUSE")
        yield program


def click_in_list_of_keys(terminal: Terminal, text: str) -> None:
    # The foot of the screen before is not to be clicked on.
    terminal.settle()
    terminal.click("? keys")
    terminal.wait_for("Keys · ")
    for _ in range(20):
        if text in terminal.text:
            break
        terminal.wheel(20, 10, 4)
        terminal.settle()
    terminal.click(text)


def test_the_scorecard_by_mouse_alone(terminal: Terminal) -> None:
    # A row, a heading that sorts, a count that goes to the next of its kind, a group that folds.
    terminal.click("More 01")
    terminal.wait_for("More 01: 6.20")
    terminal.click("Gap")
    terminal.wait_for("Gap↑")
    terminal.click("Gap")
    terminal.wait_for("Gap↓")
    terminal.click("■1")
    terminal.wait_for("Leads: 70 against 100")
    terminal.click("FIND THE CAUSE")
    terminal.wait_for("▸ 1 more")
    terminal.click("▸ 1 more")
    terminal.wait_for("■ Leads")
    # The wheel; the last rows are below the edge.
    assert "More 19" not in terminal.text
    terminal.wheel(20, 10, 12)
    terminal.wait_for("More 19")
    terminal.wheel(20, 10, -12)
    terminal.wait_for("■ Leads")
    # The period, by the foot.
    terminal.click(", . period")
    terminal.wait_for("Sept 2026")
    terminal.click(". period")
    terminal.wait_for("Oct 2026")
    # What is wrong, and back by a click beside the box.
    terminal.click("!20 problems")
    terminal.wait_for("kpi.more0.teir")
    terminal.click_at(0, 0)
    terminal.settle()
    # Whatever has no room in the foot is in the list of keys.
    terminal.click("? keys")
    terminal.click("Only KPIs that need talk")
    terminal.wait_for("exceptions only, 2 hidden")
    terminal.click("esc undoes")
    terminal.settle()
    assert "exceptions only" not in terminal.text
    terminal.click("? keys")
    terminal.wait_for("On the scorecard")
    terminal.wheel(20, 10, 60)
    terminal.wait_for("group: lacks:")
    terminal.click_at(0, 0)
    terminal.settle()
    # Columns: one out, kept.
    terminal.click("? keys")
    terminal.click("Choose and order the columns")
    terminal.click("what is aimed at in the period")
    terminal.click("⏎ keeps them")
    terminal.wait_for("Actual Status")
    assert "Target" not in terminal.text.split("\n")[1]
    terminal.click("q quit")
    assert terminal.wait_for_end() == 0


def test_a_review_its_actions_and_the_tree_by_mouse_alone(terminal: Terminal) -> None:
    # The tree: a line of it opens the KPI, its funnel and back; the trail leads to the scorecard.
    click_in_list_of_keys(terminal, "The tree of KPIs")
    terminal.wait_for("Acme › Tree")
    terminal.click("w funnel")
    terminal.wait_for("Acme › Funnel")
    terminal.click("Funnel")
    terminal.click("Acme › Tree")
    terminal.wait_for("FIND THE CAUSE —")
    # Why, its bars, and the chart again.
    terminal.click("Leads ")
    terminal.click("Leads ")
    terminal.click("h why")
    terminal.wait_for("esc chart")
    terminal.click("h why")
    terminal.wait_for("24 months · nhs")
    # A review is begun, its steps are walked, one KPI gets its verdict.
    click_in_list_of_keys(terminal, "Hold a review")
    terminal.wait_for("Which review?")
    terminal.click("Oct 2026")
    terminal.wait_for("1 Picture")
    terminal.settle()
    terminal.click(" 3 ", across=1)
    terminal.wait_for("3 Exceptions 0/")
    terminal.settle()
    terminal.click("v verdict")
    terminal.wait_for("Verdict · ")
    terminal.click_at(0, 0)
    terminal.settle()
    terminal.click("v verdict")
    terminal.click("▸ ", across=2)
    terminal.wait_for("3 Exceptions 1/")
    terminal.click("Review ›")
    terminal.wait_for("Which review?")
    terminal.click("Acme ›")
    terminal.wait_for("FIND THE CAUSE —")
    # The actions.
    click_in_list_of_keys(terminal, "What was agreed, overdue first")
    terminal.wait_for("Actions by due")
    terminal.click("Actions by due")
    terminal.wait_for("Actions by owner")
    terminal.click("q quit")
    assert terminal.wait_for_end() == 0


def test_the_drill_down_by_mouse_alone(terminal: Terminal) -> None:
    terminal.click("Leads ")
    terminal.click("Leads ")
    # The chart: another view, a point of it, the period after that.
    terminal.wait_for("24 months · nhs")
    terminal.click("w view")
    terminal.wait_for("36 months · nhs")
    terminal.click("└", across=3)
    terminal.wait_for("┆ Jan 2025: 101")
    terminal.click("→ cursor")
    terminal.wait_for("┆ Feb 2025: 99")
    # The period of the scorecard before this one, and after.
    terminal.click("‹")
    terminal.click("Sept 2026 ›", across=len("Sept 2026 "))
    terminal.wait_for("‹ Oct 2026 ›")
    # What the figure is made of, scrolled; then the way back, by the trail.
    terminal.click("i facts")
    terminal.wait_for("DEFINITION")
    terminal.wheel(20, 8, 20)
    terminal.wait_for("outlook")
    terminal.click("i facts")
    terminal.wait_for("36 months · nhs")
    terminal.click("? keys")
    terminal.click("Half as many periods")
    terminal.wait_for("18 months · nhs")
    terminal.click("Scorecard ›")
    terminal.wait_for("FIND THE CAUSE —")
    terminal.settle()
    terminal.click("q quit")
    assert terminal.wait_for_end() == 0


def test_a_prompt_is_ended_by_its_own_words(terminal: Terminal) -> None:
    terminal.wait_for("Leads: 70 against 100")
    terminal.click("n note")
    terminal.wait_for("⏎ saves · esc closes")
    terminal.press("by word of mouth")
    terminal.settle()
    terminal.click("⏎ save")
    terminal.wait_for("saved reviews/")
    # Left, then gone on with, cleared, and left again by a key of the foot.
    terminal.click("n note")
    terminal.wait_for("⏎ saves · esc closes")
    terminal.click("esc closes")
    terminal.wait_until_gone("note · Leads")
    terminal.click("a action")
    terminal.wait_for("⏎ saves · esc closes")
    terminal.press("half of it")
    terminal.wait_for("half of it")
    terminal.click("c cause")
    terminal.wait_for("cause · Leads")
    terminal.click("a action")
    terminal.wait_for("ctrl+u clears it")
    terminal.click("ctrl+u clears it")
    terminal.wait_until_gone("half of it")
    terminal.click("? keys")
    terminal.wait_for("With a KPI in focus")
    terminal.click("esc closes")
    terminal.wait_until_gone("Keys · ")
    # The filter.
    terminal.click("/ find")
    terminal.wait_for("esc clears it")
    terminal.click("⏎ keeps it")
    terminal.wait_until_gone("esc clears it")
    # The verdict.
    terminal.press("v")
    terminal.click("esc leaves")
    terminal.wait_until_gone("first letter picks")
    terminal.press("v")
    terminal.click("⏎ accepts")
    terminal.wait_for(": saved reviews/")
    # What is found.
    terminal.press(":")
    terminal.wait_for("Find · ")
    terminal.press("tree of kpis")
    terminal.wait_for("▌The tree of KPIs")
    terminal.click("⏎ does it")
    terminal.wait_for("Acme › Tree")


def test_the_hint_of_why_and_of_links_is_clicked(terminal: Terminal) -> None:
    terminal.click("Leads ")
    terminal.click("Leads ")
    terminal.click("h why")
    terminal.wait_for("against a year before")
    terminal.click("esc chart")
    terminal.wait_until_gone("esc chart")
    # It is linked to nothing: there is nowhere to go.
    terminal.click("l links")
    terminal.wait_for("esc chart")
    assert "⏎ goes there" not in terminal.text
    terminal.press("m")
    terminal.wait_for("Periods are marked on the chart: l goes back to it.")


def test_presenting_is_walked_and_left_by_the_mouse(tmp_path: Path) -> None:
    running = pytest.importorskip("terminal", reason="needs a pseudo-terminal")
    settings = SETTINGS.replace("value = 8 }", "value = 5 }").replace("value = 12 }", "value = 8 }")
    root = write_workspace(tmp_path / "acme", settings)
    with running.Terminal([sys.executable, "-m", "kpitui", str(root), "--present"]) as terminal:
        terminal.wait_for("1 of 3")
        assert "esc leaves" not in terminal.text
        terminal.click_at(60, 12)
        terminal.wait_for("2 of 3")
        terminal.click_at(10, 12)
        terminal.wait_for("1 of 3")
        terminal.wheel(40, 12, 1)
        terminal.wait_for("2 of 3")
        terminal.run_for(0.3)
        # Of the many notches of a touchpad the first one counts.
        terminal.wheel(40, 12, -2)
        terminal.wait_for("1 of 3")
        terminal.run_for(0.3)
        assert "1 of 3" in terminal.text
        terminal.press("\x1b[<35;41;13M")
        terminal.wait_for("esc leaves · 1 of 3")
        terminal.click("1 of 3")
        terminal.wait_for("q quit")
