"""The three lines above a KPI's chart: where one is, the verdict, and since when the process has been different."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from kpitui.ui.text import content, fit, plain, width
from kpitui.ui.widgets.line import Line
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.grouping import grouped
from kpitui.workspace.numbers import Style, percent, period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import (
    GROUP_NAME,
    STATUS_SIGN,
    changed_sentence,
    known_phrase,
    restated_sentence,
    row_remark,
    signal_phrase,
    signal_sentence,
    verdict,
)


class Head(Vertical):
    """What is to be said of a KPI's period before anybody looks at its chart."""

    DEFAULT_CSS = """
    Head { height: 3; }
    Head > Line { height: 1; padding: 0 1; }
    Head > #trail { background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._trail, self._verdict, self._changed = (Line(id=name) for name in ("trail", "verdict", "changed"))

    def compose(self) -> ComposeResult:
        yield self._trail
        yield self._verdict
        yield self._changed

    def show(self, workspace: Workspace, row: Row, scorecard: Scorecard) -> None:
        """Show the KPI; what has no room gives way before anything is cut."""
        room = self.app.size.width - 2
        self._trail.show(_trail(workspace, row, scorecard, room))
        self._verdict.show(_verdict(workspace, row, room))
        self._changed.show(_changed(workspace, row, room))


def _trail(workspace: Workspace, row: Row, scorecard: Scorecard, room: int) -> Content:
    locale = workspace.definitions.locale
    when = f"‹ {period_name(row.point.period, locale)} ›"
    when += known_phrase(workspace.known_at, locale, workspace.as_of)
    trail = " › ".join((workspace.name, "Scorecard", _place(row, scorecard), row.kpi.name))
    return content(fit(trail, room - width(when) - 2) + "  " + when)


def _place(row: Row, scorecard: Scorecard) -> str:
    for group in grouped(scorecard.rows, "decision"):
        ids = [other.kpi.id for other in group.rows]
        if row.kpi.id in ids:
            return f"{GROUP_NAME[row.group]} {ids.index(row.kpi.id) + 1} of {len(ids)}"
    return GROUP_NAME[row.group]


def _verdict(workspace: Workspace, row: Row, room: int) -> Content:
    kpi, point, locale = row.kpi, row.point, workspace.definitions.locale
    style = Style.of(kpi, locale)
    status = f"$status-{point.status.replace('_', '-')}"
    figure = style.value(point.value) + ("" if point.complete or point.value is None else "*")
    goal = f"target {style.goal(point.goal, kpi.direction)}" if point.goal else ""
    gap = (
        f"gap {percent(point.gap, locale) if not kpi.bands.absolute else style.difference(point.gap, 'points')}"
        if point.gap is not None
        else ""
    )
    sentence = row_remark(row, locale, workspace.as_of) if not point.usable else signal_sentence(point)
    word = signal_phrase(point).partition(" ")[0] if point.usable else ""
    colour = f"$signal-{word}" if word in ("better", "worse", "changed", "usual") else "$status-no-data"
    arrow = "" if point.signal is None else "▲ " if point.signal.side == "above" else "▼ "
    parts = [
        Content.styled(f"{STATUS_SIGN[point.status]} {verdict(point)}", f"bold {status}"),
        Content.styled(figure, "bold"),
    ]
    parts += [Content(text) for text in (goal, gap) if text]
    # Where all of it has no room, the sentence gives way to its first half, before anything is cut.
    short = sentence.partition(": ")[0]
    taken = sum(part.cell_length + 3 for part in parts)
    shown = sentence if taken + width(plain(arrow + sentence)) <= room else short
    parts.append(Content.styled(fit(arrow + shown, max(10, room - taken)).rstrip(), colour))
    return Content("   ").join(parts)


def _changed(workspace: Workspace, row: Row, room: int) -> Content:
    style = Style.of(row.kpi, workspace.definitions.locale)
    chart = workspace.figures.chart(row.kpi, row.point.period.grain)
    said = row.spoiled or changed_sentence(chart, row.point, row.changed_since, style)
    if remark := restated_sentence(row, style):
        said = f"{remark[0].upper()}{remark[1:]}. {said}"
    return content(fit(said, room).rstrip())
