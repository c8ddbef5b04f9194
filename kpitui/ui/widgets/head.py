"""The three lines above a KPI's chart: where one is, the verdict, and since when the process has been different."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from kpitui.periods import Period
from kpitui.ui.text import clipped, content, fit, plain, width
from kpitui.ui.widgets.line import KeyLine, Line, Part
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.gaps import why_no_figure
from kpitui.workspace.grouping import grouped
from kpitui.workspace.lost import Lost
from kpitui.workspace.numbers import Style, period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.presented import Tone, verdict_of
from kpitui.workspace.wording import (
    GROUP_NAME,
    STATUS_SIGN,
    changed_sentence,
    known_phrase,
    restated_sentence,
)

TONE_INK: dict[Tone, str] = {
    "better": "signal-better",
    "worse": "signal-worse",
    "changed": "signal-changed",
    "usual": "signal-usual",
    "no data": "status-no-data",
}
"""Colours of what is said of the signal."""
_BETWEEN = " › "
_CUT = "…"
_BACK = {"Scorecard": "app.scorecard", "Tree": "app.tree", "Review": "app.review"}
"""What a click on where one came from does."""


class Head(Vertical):
    """What is to be said of a KPI's period before anybody looks at its chart."""

    DEFAULT_CSS = """
    Head { height: 3; }
    Head > Line { height: 1; padding: 0 1; }
    Head > #trail { background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._trail = KeyLine(id="trail")
        self._verdict, self._changed = (Line(id=name) for name in ("verdict", "changed"))

    def compose(self) -> ComposeResult:
        yield self._trail
        yield self._verdict
        yield self._changed

    def show(self, scorecard: Scorecard, row: Row, locale: str, changed: str, way: Sequence[str] = ()) -> None:
        """Show the KPI, and what is to be said of its process; what has no room gives way before anything is cut."""
        room = self.app.size.width - 2
        self._trail.show_parts(_trail(scorecard, row, locale, room, way))
        self._verdict.show(_verdict(scorecard, row, locale, room))
        self._changed.show(content(clipped(changed, room)))

    def show_lost(self, scorecard: Scorecard, gone: Lost, locale: str, way: Sequence[str] = ()) -> None:
        """Show which KPI it is, and why nothing can be said of it."""
        room = self.app.size.width - 2
        between = way or ["Scorecard"]
        steps = [plain(step) for step in (scorecard.workspace, *between, gone.kpi.name)]
        self._trail.show_parts(_steps(steps, _BACK[between[0]], _when(scorecard.period, scorecard, locale), room))
        told = f"{STATUS_SIGN['no_data']} No figures: {gone.title}"
        self._verdict.show(content(clipped(told, room), "bold $status-no-data"))
        self._changed.show(content(clipped(gone.place, room)))


def changed(workspace: Workspace, row: Row, key: Callable[[str], str]) -> str:
    """Since when the process has been different and what was usual; before that, why there is no figure to judge."""
    style = Style.of(row.kpi, workspace.definitions.locale)
    chart = workspace.figures.chart(row.kpi, row.point.period.grain)
    said = [why_no_figure(workspace, row, key)]
    if remark := restated_sentence(row, style):
        said.append(f"{remark[0].upper()}{remark[1:]}.")
    if not row.spoiled and chart.values:
        said.append(changed_sentence(chart, row.point, row.changed_since, style))
    return " ".join(part for part in said if part) or changed_sentence(chart, row.point, row.changed_since, style)


def _trail(scorecard: Scorecard, row: Row, locale: str, room: int, way: Sequence[str]) -> list[Part]:
    """Where one is: a click on where one came from goes back there, one on the signs at the period to the next one."""
    between = way or ["Scorecard", _place(row, scorecard)]
    steps = [plain(step) for step in (scorecard.workspace, *between, row.kpi.name)]
    return _steps(steps, _BACK[between[0]], _when(row.point.period, scorecard, locale), room)


def _when(period: Period, scorecard: Scorecard, locale: str) -> list[Part]:
    """The period, with a way to the one before and after it."""
    known = known_phrase(scorecard.known_at, locale, scorecard.as_of)
    return [
        Part("‹ ", action="app.earlier"),
        Part(period_name(period, locale)),
        Part(" ›", action="app.later"),
        Part(known),
    ]


def _steps(steps: list[str], action: str, when: list[Part], room: int) -> list[Part]:
    """Where one is, as far as there is room, and when."""
    left = room - sum(width(part.text) for part in when) - 2
    # Where one came from gives way to what one looks at; that there is a way back stays.
    while len(steps) > 2 and width(_BETWEEN.join(steps)) > left:
        steps.pop(0)
    if width(_BETWEEN.join(steps)) > left:
        steps[0] = _CUT
    name = steps.pop()
    back = _BETWEEN.join([*steps, ""])
    return [
        Part(back, action=action),
        Part(fit(name, left - width(back))),
        Part("  "),
        *when,
    ]


def _place(row: Row, scorecard: Scorecard) -> str:
    for group in grouped(scorecard.rows, "decision"):
        ids = [other.kpi.id for other in group.rows]
        if row.kpi.id in ids:
            return f"{GROUP_NAME[row.group]} {ids.index(row.kpi.id) + 1} of {len(ids)}"
    return GROUP_NAME[row.group]


def _verdict(scorecard: Scorecard, row: Row, locale: str, room: int) -> Content:
    said = verdict_of(row, locale, scorecard.as_of)
    parts = [
        Content.styled(said.verdict, f"bold $status-{said.status.replace('_', '-')}"),
        content(said.figure, "bold"),
    ]
    parts += [content(text) for text in (said.goal, said.gap) if text]
    # Where all of it has no room, the sentence gives way to its first half, before anything is cut.
    short = said.signal.partition(": ")[0]
    taken = sum(part.cell_length + 3 for part in parts)
    shown = said.signal if taken + width(plain(said.arrow + said.signal)) <= room else short
    parts.append(Content.styled(clipped(said.arrow + shown, max(10, room - taken)), f"${TONE_INK[said.tone]}"))
    return Content("   ").join(parts)
