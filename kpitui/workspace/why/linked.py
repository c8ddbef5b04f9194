"""The KPIs before and after one, as they are looked at: how well each link held, who changed first, and a picture."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum, sqrt
from typing import NamedTuple

from kpitui.analysis.links import PROVISIONAL_UNDER
from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period
from kpitui.workspace.answers import Row
from kpitui.workspace.charts.panels import kpi_panel
from kpitui.workspace.charts.values import Line, Picture
from kpitui.workspace.charts.views import USUAL_LENGTH
from kpitui.workspace.numbers import NONE, Style, period_tag
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.links import LOOKED_BACK, LinkFound, Step, links, walk_back
from kpitui.workspace.wording import better_or_worse, grain_words, signal_phrase

_PICTURED = {**USUAL_LENGTH, Grain.WEEK: 52}
"""How many periods the picture of a link shows: of weeks a year."""


class Linked(NamedTuple):
    """A KPI that leads the one in focus, or is led by it."""

    kpi: Kpi
    before: bool
    """It leads the KPI in focus; else it is led by it."""
    row: Row
    """How it stands in the period that is looked at."""
    lag: str
    """`3 weeks before`."""
    state: str
    """`worse ↑ limit`, `usual`."""
    began: str
    """`began 3 weeks before`, its run of signals; empty where the KPI in focus has no signal, or leads."""
    said: tuple[str, ...]
    """How well the link held, in parts, the most important first."""
    picture: Picture


class LinkedKpis(NamedTuple):
    """All links from and to a KPI."""

    kpi: Kpi
    linked: tuple[Linked, ...]
    """Those before it first, the earliest warning of them first."""
    said: str


def linked(workspace: Workspace, kpi: Kpi, period: Period) -> LinkedKpis:
    """The links of the KPI, with its signal in the period as what is walked back from."""
    steps = walk_back(workspace, kpi, period)
    back = {step.kpi.id: step for step in steps if step.depth == 1}
    found = links(workspace, kpi)
    all_linked = [_linked(workspace, kpi, period, each, back) for each in found]
    order = list(back)
    place = {each.kpi.id: order.index(each.kpi.id) if each.kpi.id in order else len(order) for each in all_linked}
    all_linked.sort(key=lambda each: (not each.before, place[each.kpi.id]))
    if not found:
        return LinkedKpis(
            kpi, (), "No KPI is stated to lead it, and it to lead none: `predicts` in a definition says so."
        )
    count = f"{len(found)} {'link' if len(found) == 1 else 'links'} looked at, each at the stated lag alone"
    walked = "" if steps else f"; {kpi.name} has no signal to walk back from"
    return LinkedKpis(kpi, tuple(all_linked), f"{count}{walked}.")


def _linked(workspace: Workspace, kpi: Kpi, period: Period, found: LinkFound, back: dict[str, Step]) -> Linked:
    before = found.led.id == kpi.id
    other = found.leading if before else found.led
    row = workspace.row(other, period)
    grain = found.leading.grain
    step = back.get(other.id) if before else None
    lag = f"{found.lag} {grain_words(grain, found.lag)} {'before' if before else 'later'}"
    return Linked(
        other,
        before,
        row,
        lag,
        signal_phrase(row.point) or NONE,
        began(step) if step is not None else "",
        tuple(_held(found, step, workspace.definitions.locale)),
        link_picture(workspace, found),
    )


def began(step: Step) -> str:
    """How long before the KPI that it leads a KPI began its run of signals: `began 3 weeks before`."""
    if step.weeks_earlier is None:
        return f"no signal in the {LOOKED_BACK} weeks before"
    return f"began {when_before(step.weeks_earlier)}"


def when_before(weeks: float) -> str:
    """`3 weeks before`, `at the same time`, `2 weeks after`."""
    count = round(abs(weeks))
    if not count:
        return "at the same time"
    return f"{count} {grain_words(Grain.WEEK, count)} {'before' if weeks > 0 else 'after'}"


def run_sentence(step: Step, locale: str) -> str:
    """`its run for the worse began 3 weeks before (W09), its chart signalled 3 weeks before (W13)`."""
    assert step.since is not None
    assert step.told is not None
    word = better_or_worse(step.variation)
    kind = "of change" if word == "changed" else f"for the {word}"
    since, told = period_tag(step.since, locale), period_tag(step.told, locale)
    return (
        f"its run {kind} began {when_before(step.weeks_earlier or 0.0)} ({since}), "
        f"its chart signalled {when_before(step.told_weeks_earlier or 0.0)} ({told})"
    )


def _held(found: LinkFound, step: Step | None, locale: str) -> Iterator[str]:
    """r with its interval, n, what it is of, since when both had signals, and what speaks against it."""
    link = found.together
    ran = run_sentence(step, locale) if step is not None and step.since is not None else ""
    if link.r is None:
        yield f"r cannot be said: too few pairs ({link.n}), or a series that does not vary"
        if ran:
            yield ran
        return
    between = "" if link.low is None or link.high is None else f", 95% {_r(link.low)} to {_r(link.high)}"
    yield f"r {_r(link.r)}{between}"
    worth = (
        f", worth {link.effective_n:.0f}" if link.effective_n is not None and round(link.effective_n) < link.n else ""
    )
    of = "changes" if link.differences else "values"
    yield f"n {link.n} {grain_words(found.grain, link.n)}{worth}, of {of}"
    if ran:
        yield ran
    if not link.clear:
        yield "may be nothing"
    if link.provisional:
        yield f"provisional: fewer than {PROVISIONAL_UNDER}"
    if found.grain is not found.leading.grain:
        yield f"lag taken as {found.lag_here} {grain_words(found.grain, found.lag_here)}"
    yield "Pearson's r, Fisher's interval, Bartlett's n"


def _r(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def link_picture(workspace: Workspace, found: LinkFound) -> Picture:
    """Both series on each other: the led one as it is, the leading one moved on by the lag and scaled to it.

    Where r is clearly negative the leading one is upside down, so that what goes together lies together.
    """
    figures, calendar = workspace.figures, workspace.definitions.calendar
    style = Style.of(found.led, workspace.definitions.locale)
    chart = figures.chart(found.led, found.grain)
    last = calendar.number(found.grain, chart.periods[-1].start) if chart.periods else 0
    numbers = range(last - _PICTURED[found.grain] + 1, last + 1)
    title = f"{_PICTURED[found.grain]} {grain_words(found.grain, 2)}"
    if not chart.periods:
        return Picture("link", title, found.grain, (), style, empty=f"{found.led.name} has no values.")
    leading = figures.chart(found.leading, found.grain)
    before = {calendar.number(p.grain, p.start): v for p, v in zip(leading.periods, leading.values, strict=True)}
    panel = kpi_panel(figures, found.led, found.grain, numbers)
    own = panel.lines[0].values
    shifted = [before.get(number - found.lag_here) for number in numbers]
    high = found.together.high
    upside_down = high is not None and high < 0
    scaled = _scaled(shifted, own, upside_down=upside_down)
    lag = f"moved on {found.lag_here} {grain_words(found.grain, found.lag_here)}" if found.lag_here else "not moved"
    title = " · ".join((title, f"• {found.led.name}", f"+ {found.leading.name}"))
    remark = f"+ is {lag} and scaled" + (", upside down as r is negative" if upside_down else "")
    lines = (Line("", own), Line("", scaled, "leading"))
    shown = panel._replace(lines=lines, levels=(), phase_starts=frozenset(), marks=())
    return Picture("link", title, found.grain, (shown,), style, remarks=(remark,))


def _scaled(
    values: list[float | None], onto: tuple[float | None, ...], *, upside_down: bool
) -> tuple[float | None, ...]:
    """The values with the mean and the spread of those that they are drawn over."""
    both = [(x, y) for x, y in zip(values, onto, strict=True) if x is not None and y is not None]
    if not both:
        return (None,) * len(values)
    (middle_x, spread_x), (middle_y, spread_y) = (_spread([pair[side] for pair in both]) for side in (0, 1))
    factor = (-1 if upside_down else 1) * (spread_y / spread_x if spread_x else 0.0)
    return tuple(None if value is None else middle_y + factor * (value - middle_x) for value in values)


def _spread(values: list[float]) -> tuple[float, float]:
    mean = fsum(values) / len(values)
    return mean, sqrt(fsum((value - mean) ** 2 for value in values) / len(values))
