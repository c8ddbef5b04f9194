"""The panel beside the chart: the five components of the KPI, its figures to date, and its target."""

from __future__ import annotations

from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from kpitui.periods import Grain
from kpitui.ui.text import fit, plain, wrapped
from kpitui.workspace.answers import Row, Trend
from kpitui.workspace.numbers import Style, short_day
from kpitui.workspace.opening import Workspace
from kpitui.workspace.wording import assurance_sentence, coverage_phrase

_LABEL = 11
_GRAINS = (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


class Facts(VerticalScroll, can_focus=True):
    """Text in two columns, made anew for each KPI."""

    DEFAULT_CSS = """
    Facts { width: 38; padding: 0 1; border-left: vkey $panel; scrollbar-size-vertical: 1; }
    Facts:focus { border-left: vkey $accent; }
    """

    def compose(self) -> ComposeResult:
        yield Static()

    def show(self, workspace: Workspace, row: Row, trend: Trend) -> None:
        """What the figure of this row is made of."""
        room = max(24, self.scrollable_content_region.width or 34)
        lines = [
            Content.styled("DEFINITION", "bold $primary"),
            *_components(workspace, row, room),
            Content(""),
            *_to_date(trend, row, room, workspace.definitions.locale),
            Content(""),
            *_target(workspace, row, trend, room),
        ]
        self.query_one(Static).update(Content("\n").join(lines))


def _pair(label: str, text: str, room: int, style: str = "") -> Iterator[Content]:
    """A label and a text that may take several lines."""
    for number, line in enumerate(wrapped(text, room - _LABEL)):
        head = label if number == 0 else ""
        yield Content.assemble((head.ljust(_LABEL), "$signal-usual"), (plain(line), style))


def _components(workspace: Workspace, row: Row, room: int) -> Iterator[Content]:
    kpi, definitions = row.kpi, workspace.definitions
    style = Style.of(kpi, definitions.locale)
    missing = set(row.missing_components)
    yield from _pair("measure", kpi.formula_text or _measure_text(workspace, row), room)
    if kpi.formula_text:
        for name, value in workspace.inputs(kpi, row.point.period):
            written = value or "—"
            yield Content.assemble(
                (" " * _LABEL, ""), (fit(name, room - _LABEL - 9), "$signal-usual"), fit(written, 9, right=True)
            )
    target = "missing" if "target" in missing else style.goal(row.point.goal, kpi.direction)
    yield from _pair("target", target, room, _flag("target" in missing))
    source = kpi.data_source or "missing"
    if row.point.due:
        source += f" · {coverage_phrase(row.point, kpi)}"
    yield from _pair("source", source, room, _flag("data_source" in missing))
    frequency = kpi.stated_frequency or kpi.frequency
    review = f", reviewed {kpi.review}" if kpi.review else ""
    yield from _pair("frequency", frequency + review, room, _flag("frequency" in missing))
    yield from _pair("owner", definitions.who(kpi.owner) or "missing", room, _flag("owner" in missing))
    place = " · ".join(part for part in (kpi.tier, kpi.kind, kpi.perspective) if part)
    if place:
        yield from _pair("place", place, room)
    if kpi.objective:
        objective = definitions.objectives.get(kpi.objective)
        yield from _pair("objective", objective.title if objective else kpi.objective, room)
    if kpi.pair and kpi.pair in definitions.kpis:
        yield from _pair("pair", definitions.kpis[kpi.pair].name, room)
    if kpi.question:
        yield from _pair("question", kpi.question, room)
    if kpi.assumption:
        yield from _pair("assumption", kpi.assumption, room)


def _flag(missing: bool) -> str:
    return "bold $status-at-risk" if missing else ""


def _measure_text(workspace: Workspace, row: Row) -> str:
    if row.manual:
        return "typed in (f)"
    measure = workspace.definitions.measures[row.kpi.id]
    what = measure.column or measure.key or "rows"
    where = "; ".join(f"{column} = {' or '.join(texts)}" for column, texts in measure.where)
    return f"{measure.aggregate} of {what}" + (f" where {where}" if where else "")


def _to_date(trend: Trend, row: Row, room: int, locale: str) -> Iterator[Content]:
    style = Style.of(row.kpi, locale)
    column = min(12, (room - 8) // 3)
    yield Content.assemble(
        ("TO DATE ", "bold $primary"),
        ("".join(fit(head, column, right=True) for head in ("now", "before", "yr ago")), "$signal-usual"),
    )
    for grain in _GRAINS:
        figures = trend.to_date[grain]
        texts = [style.value(value) for value in (figures.value, figures.previous, figures.year_ago)]
        yield Content.assemble(
            (grain.word.ljust(8), "$signal-usual"), "".join(fit(text, column, right=True) for text in texts)
        )


def _target(workspace: Workspace, row: Row, trend: Trend, room: int) -> Iterator[Content]:
    kpi = row.kpi
    style = Style.of(kpi, workspace.definitions.locale)
    yield Content.styled("TARGET", "bold $primary")
    yield from _pair("period", style.goal(row.point.goal, kpi.direction), room)
    yield from _pair("year", style.goal(row.year_goal, kpi.direction), room)
    target = workspace.figures.target_in_force(kpi, row.point.period)
    if target and target.reason:
        yield from _pair("reason", target.reason, room)
    if target and target.until:
        yield from _pair("until", short_day(target.until, style.locale, workspace.as_of), room)
    if sentence := assurance_sentence(trend.chart, row.changed_since, style.locale):
        yield from _pair("outlook", sentence, room)
    if kpi.benchmark and (kpi.benchmark.low is not None or kpi.benchmark.high is not None):
        low, high = style.value(kpi.benchmark.low), style.value(kpi.benchmark.high)
        source = f" ({kpi.benchmark.source})" if kpi.benchmark.source else ""
        yield from _pair("benchmark", f"{low}–{high}{source}", room)
