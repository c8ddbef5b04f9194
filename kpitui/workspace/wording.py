"""What figures are called: the words and sentences that every screen and report shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from kpitui.definitions.model import Definitions, Kpi
from kpitui.periods import Grain, Period
from kpitui.terms import Assurance, Component, Group, Rule, Status, Variation
from kpitui.workspace.answers import KpiChart, Point, Remark, Row
from kpitui.workspace.changes import weeks_remark
from kpitui.workspace.numbers import NONE, Style, percent, period_name, short_day

if TYPE_CHECKING:
    from kpitui.analysis.pace import Pace, Verdict
    from kpitui.analysis.signals import Phase

INCOMPLETE = "*"
"""Stands behind a figure for which not every value that was due has come."""
STATUS_WORD: dict[Status, str] = {
    "ahead": "Ahead",
    "on_track": "On track",
    "at_risk": "At risk",
    "behind": "Behind",
    "no_target": "No target",
    "no_data": "No data",
}
STATUS_SIGN: dict[Status, str] = {
    "ahead": "◆",
    "on_track": "●",
    "at_risk": "▲",
    "behind": "■",
    "no_target": "○",
    "no_data": "?",
}
GROUP_TITLE: dict[Group, str] = {
    "find_the_cause": "FIND THE CAUSE — off target, and changed",
    "change_the_process": "CHANGE THE PROCESS, OR THE TARGET — off target, usual variation",
    "watch": "WATCH — changed, and not off target",
    "no_judgement": "NO JUDGEMENT — a figure or a target is missing",
    "fine": "FINE",
}
_SO_FAR = {
    "some": "CHANGE THE PROCESS, OR THE TARGET — off target, usual variation or not over",
    "all": "OFF TARGET SO FAR — the period is not over",
}
"""Of `change_the_process`, where some rows or all are of a period that is not over: their chart says nothing yet."""
GROUP_NAME: dict[Group, str] = {group: title.partition(" — ")[0] for group, title in GROUP_TITLE.items()}
RULE_WORD: dict[Rule, str] = {
    "outside_limits": "limit",
    "trend": "trend",
    "near_limits": "near",
    "shift": "run",
    "moving_range": "step",
}
RULE_SENTENCE: dict[Rule, tuple[str, str]] = {
    "outside_limits": ("above the upper limit", "below the lower limit"),
    "trend": ("seven rising in a row", "seven falling in a row"),
    "near_limits": ("close to the upper limit again", "close to the lower limit again"),
    "shift": ("a run above the mean", "a run below the mean"),
    "moving_range": ("a larger step up than usual", "a larger step down than usual"),
}
"""What a rule found, above and below."""
ASSURANCE_SENTENCE: dict[Assurance, str] = {
    "pass": "the process as it is will meet the target",
    "fail": "the process as it is will not meet the target",
    "inconsistent": "the process as it is will meet the target now and then",
}
AT_MEDIAN = "the target is at the median: about every second period misses it by design"
COMPONENT_WORD: dict[Component, str] = {
    "measure": "a measure",
    "target": "a target",
    "data_source": "a data source",
    "frequency": "a frequency",
    "owner": "an owner",
}
METHOD_NAME = {"nhs": "nhs", "wheeler": "Wheeler", "p": "p′", "u": "u′", "none": "no chart"}


def decision_title(group: Group, rows: Sequence[Row]) -> str:
    """The heading over these rows of a group."""
    open_ones = sum(row.point.partial and row.point.variation is None for row in rows)
    if group != "change_the_process" or not open_ones:
        return GROUP_TITLE[group]
    return _SO_FAR["all" if open_ones == len(rows) else "some"]


def better_or_worse(variation: Variation | None) -> str:
    """`better`, `worse`, `changed` (of a range), `usual`, or nothing where the chart is silent."""
    if variation is None:
        return ""
    if variation == "common_cause":
        return "usual"
    kind = variation.partition("_")[0]
    return {"improvement": "better", "concern": "worse", "neutral": "changed"}[kind]


def signal_phrase(point: Point) -> str:
    """The signal in a few characters: `worse ↑ limit`, `usual`, or why nothing is said."""
    if point.variation is None:
        if point.partial and point.usable:
            return "not over yet"
        return "" if not point.usable else "too few" if point.phase else "not charted"
    if point.signal is None:
        return "usual"
    arrow = "↑" if point.signal.side == "above" else "↓"
    return f"{better_or_worse(point.variation)} {arrow} {RULE_WORD[point.signal.rule]}"


def row_remark(row: Row, locale: str, as_of: date) -> str:
    """What stands in the last column of the scorecard: the signal, or what keeps it from being judged."""
    point = row.point
    if row.spoiled:
        return "unreadable data"
    if point.value is None and row.stale_since:
        return f"stale {short_day(row.stale_since, locale, as_of)}"
    if point.value is None:
        return "no values"
    if not point.usable:
        return coverage_phrase(point, row.kpi)
    return "duplicates?" if point.possible_duplicates else signal_phrase(point)


def coverage_phrase(point: Point, kpi: Kpi) -> str:
    """`22/31 days`: how many of the values that were due have come."""
    return f"{point.seen}/{point.due} {coverage_unit(kpi)}"


def coverage_unit(kpi: Kpi) -> str:
    """What values are due for: `days`, `weeks`."""
    unit = {"daily": "days", "event": "days", "weekdays": "weekdays", "weekly": "weeks", "monthly": "months"}
    return unit.get(kpi.frequency, "values")


def actual(row: Row, style: Style) -> str:
    """The figure, with `*` where it is not complete and the period's name where it is of a coarser grain."""
    if row.point.value is None:
        return NONE
    mark = "" if row.point.complete else INCOMPLETE
    return style.cell(row.point.value) + mark


def figure(point: Point, style: Style, *, exact: bool = False) -> str:
    """The figure with its unit, and with `*` where not every value that was due has come."""
    return style.value(point.value, exact=exact) + ("" if point.complete or point.value is None else INCOMPLETE)


def verdict(point: Point) -> str:
    """Status in capitals: `BEHIND`; with the basis of a partial period's: `BEHIND at this pace`."""
    word = STATUS_WORD[point.status].upper()
    return f"{word} at this pace" if point.status_basis == "pace" and point.gap is not None else word


def signal_sentence(point: Point) -> str:
    """`WORSE: below the lower limit`, or that nothing points to a change."""
    if point.possible_duplicates:
        return "POSSIBLE DUPLICATES: a value may be counted twice"
    if point.signal is not None and point.variation is not None:
        sentence = RULE_SENTENCE[point.signal.rule][point.signal.side == "below"]
        return f"{better_or_worse(point.variation).upper()}: {sentence}"
    if point.variation == "common_cause":
        return "USUAL VARIATION: look at the process, not at this period"
    if point.partial:
        return "not over yet"
    return "" if point.usable else "not enough values to judge"


def changed_sentence(chart: KpiChart, point: Point, changed_since: Period | None, style: Style) -> str:
    """Since when the process has been different, what was usual, and by which method that is said."""
    parts: list[str] = []
    if changed_since is not None and point.signal is not None and point.phase is not None:
        run = _on_one_side(chart, point)
        if point.signal.rule == "trend":
            parts.append(f"Moving one way since {period_name(changed_since, style.locale)}.")
        elif point.signal.rule != "moving_range" and len(run) > 1:
            length = f"{len(run)} {grain_words(point.period.grain, len(run))}"
            parts.append(f"Since {period_name(run[0], style.locale)}: {length} {point.signal.side} the mean.")
    phase = point.phase
    if phase is None:
        return " ".join(parts) or "No chart yet: it begins with the first whole period."
    if phase.lower is None or phase.upper is None:
        count = phase.points
        return f"{count} {grain_words(point.period.grain, count)} so far: no limits under five."
    remarks = [METHOD_NAME[chart.chart.method], points_phrase(phase, point.period.grain)]
    if chart.chart.adjusted:
        remarks.append("seasonally adjusted")
    if phase.provisional:
        remarks.append("provisional")
    if phase.dropped:
        remarks.append(f"{phase.dropped} moving {'range' if phase.dropped == 1 else 'ranges'} screened")
    parts.append(f"Usual {style.span(phase.lower, phase.upper)} ({', '.join(remarks)}).")
    return " ".join(parts)


def points_phrase(phase: Phase, grain: Grain) -> str:
    """Of how many points mean and limits are: `36 months`, `the first 28 of 36 months`."""
    words = f"{phase.points} {grain_words(grain, phase.points)}"
    return words if phase.known_from == phase.points else f"the first {phase.known_from} of {words}"


def _on_one_side(chart: KpiChart, point: Point) -> list[Period]:
    """The unbroken run of charted periods on the point's side of its phase's mean, oldest first, the point last."""
    run: list[Period] = []
    if point.signal is None or point.phase is None:
        return run
    above = point.signal.side == "above"
    first = chart.periods[point.phase.first].start
    for index in reversed(range(len(chart.periods))):
        period, value, mean = chart.periods[index], chart.values[index], chart.chart.phase_of(index).mean
        if period.start > point.period.start:
            continue
        beyond = value > mean if above else value < mean
        if period.start < first or not beyond:
            break
        run.append(period)
    return run[::-1]


def assurance_sentence(chart: KpiChart, changed_since: Period | None, locale: str) -> str:
    """Whether the target will be met, where the chart can say it."""
    drawn = chart.chart
    if not drawn.phases or drawn.assurance is None:
        return ""
    if drawn.phases[-1].provisional:
        return f"can it be hit? too early: {drawn.phases[-1].points} points"
    if not drawn.stable:
        return "not stable: rebase, or chart the change"
    if drawn.assurance == "inconsistent" and drawn.splits:
        return AT_MEDIAN
    if changed_since is not None:
        return f"can it be hit? not said: the process changed in {period_name(changed_since, locale)}"
    return ASSURANCE_SENTENCE[drawn.assurance]


def remark_sentence(remark: Remark, kpi: Kpi, grain: Grain) -> str:
    """What is to be known of a chart before it is believed."""
    value = remark.value
    match remark.kind:
        case "stands_in":
            return f"no counts for a {METHOD_NAME[kpi.chart.method]} chart: nhs stands in"
        case "too_few":
            return f"fewer than five events a {grain.word}: look at longer periods"
        case "adjusted":
            return f"seasonally adjusted, from {value:.0f} years; not screened"
        case "not_adjusted":
            return "not seasonally adjusted: that needs three whole years"
        case "counts_not_adjusted":
            return f"a {METHOD_NAME[kpi.chart.method]} chart is not seasonally adjusted"
        case "unstable":
            return "not stable: rebase, or chart the change"
        case "autocorrelated":
            return f"autocorrelated (r = {value:.2f}): limits too narrow, runs too easy"
        case "season":
            return f"a clear season ({value:.0%} of the variation within years returns): seasonal = true"
        case "season_of_counts":
            return f"a clear season ({value:.0%} of the variation within years returns): look at the year before"
        case "target_at_median":
            return AT_MEDIAN


def pace_phrase(pace: Pace) -> str:
    """`on pace`, `needs 1.3× the present pace`, `cannot be said yet`."""
    leading = pace.leading
    if pace.verdict != "off_pace" or leading is None:
        return _PACE_WORD.get(pace.verdict, "")
    if leading.multiple is None:
        return "off pace"
    decimals = 1 if abs(leading.multiple - 1) >= 0.1 else 2 if abs(leading.multiple - 1) >= 0.01 else 3
    verb = "needs" if leading.multiple > 1 else "must slow to"
    return f"{verb} {leading.multiple:.{decimals}f}× the present pace"


_PACE_WORD: dict[Verdict, str] = {
    "reached": "reached",
    "missed": "missed",
    "on_pace": "on pace",
    "no_target": "no target",
    "cannot_be_said": "cannot be said yet",
}


def bounds_phrase(pace: Pace) -> str:
    """On what ground an end is expected between two bounds."""
    return f"95% (t) if the rest is like the first {pace.done}, without season or trend"


def errors_phrase(errors: Sequence[float], locale: str) -> str:
    """`in 2 earlier years it was off by −1.1% and +0.5%`, the latest first; of more years from the least on."""
    if len(errors) == 2:
        told = list(dict.fromkeys(percent(error, locale) for error in errors))
        off = " and ".join(told)
    else:
        low, high = percent(min(errors), locale), percent(max(errors), locale)
        off = low if low == high else f"{low} to {high}"
    return f"in {len(errors)} earlier years it was off by {off}"


def grain_words(grain: Grain, count: int) -> str:
    return grain.word if count == 1 else f"{grain.word}s"


def restated_sentence(row: Row, style: Style) -> str:
    """`restated: 22.0% when reviewed in 2026-10-monthly, 24.0% now`, and whether the KPI means something else now."""
    parts: list[str] = []
    if row.restated is not None:
        then, now = apart(row.restated.value, row.point.value, style)
        parts.append(f"restated: {then} when reviewed in {row.restated.review}, {now} now")
    if row.redefined is not None:
        since = "then" if row.restated else row.redefined
        parts.append(f"definition changed since {since}")
    return "; ".join(parts)


def figure_remarks(row: Row, style: Style, as_of: date) -> str:
    """What is to be known of a figure beside `row_remark`: what it lacks, what a review saw, that people type it in."""
    point = row.point
    parts: list[str] = []
    if point.usable and not point.complete:
        parts.append(coverage_phrase(point, row.kpi))
    if point.possible_duplicates:
        parts.append("possible duplicates")
    if point.value is not None and row.stale_since:
        parts.append(f"data end on {short_day(row.stale_since, style.locale, as_of)}")
    if said := restated_sentence(row, style):
        parts.append(said)
    if said := weeks_remark(point):
        parts.append(said)
    if row.manual:
        parts.append("typed in")
    return "; ".join(parts)


def apart(then: float, now: float | None, style: Style) -> tuple[str, str]:
    """Both figures with the decimals that it takes to tell them apart."""
    if now is None:
        return style.value(then, exact=True), "no value"
    for decimals in range(11):
        finer = style._replace(decimals=decimals) if decimals else style
        texts = finer.value(then, exact=True), finer.value(now, exact=True)
        if texts[0] != texts[1]:
            return texts
    return repr(then), repr(now)


def known_phrase(known_at: date | None, locale: str, as_of: date) -> str:
    """` · known at 5 Oct`, to stand behind a period; nothing where figures are as they are known now."""
    return "" if known_at is None else f" · known at {short_day(known_at, locale, as_of)}"


def spoken(row: Row, definitions: Definitions, as_of: date) -> str:
    """One sentence on a KPI that can be read aloud."""
    kpi, point = row.kpi, row.point
    style = Style.of(kpi, definitions.locale)
    if row.spoiled:
        return f"{kpi.name}: no figure, {row.spoiled}."
    if point.value is None:
        if row.stale_since:
            ended = short_day(row.stale_since, definitions.locale, as_of)
            return f"{kpi.name}: no value for {period_name(point.period, definitions.locale)}; the data end on {ended}."
        return f"{kpi.name}: no value for {period_name(point.period, definitions.locale)}."
    said = f"{kpi.name}: {figure(point, style)}"
    if not point.usable:
        twice = ", with possible duplicates" if point.possible_duplicates else ""
        return f"{said} so far known, {coverage_phrase(point, kpi)}{twice}: too little to judge."
    against = f" against {style.goal(point.goal, kpi.direction).removeprefix('≤ ')}" if point.goal else ""
    if point.possible_duplicates:
        return f"{said}{against}, with possible duplicates: a value may be counted twice."
    if point.partial:
        return f"{said} so far{_pace_of(point, style)}{against}: the {point.period.grain.word} is not over."
    return f"{said}{against}, {_development(row, style)}."


def _pace_of(point: Point, style: Style) -> str:
    paced = point.status_basis == "pace" and point.judged is not None
    return f", {style.value(point.judged)} at this pace" if paced else ""


def _development(row: Row, style: Style) -> str:
    point = row.point
    usual = ""
    if point.phase and point.phase.lower is not None and point.phase.upper is not None:
        usual = f"usual {'is' if point.signal is None else 'was'} {style.number(point.phase.lower)}–" + style.value(
            point.phase.upper
        )
    if point.signal is None:
        kind = "usual variation" if point.variation else "not judged by its chart"
        return f"{kind}; {usual}" if usual else kind
    word = better_or_worse(point.variation)
    since = f" since {period_name(row.changed_since, style.locale)}" if row.changed_since else ""
    return f"{word}{since}; {usual}"


def background(row: Row, definitions: Definitions) -> str:
    """Who owns it, what it leads to, what is open: the line under the spoken sentence."""
    kpi = row.kpi
    parts: list[str] = []
    if said := restated_sentence(row, Style.of(kpi, definitions.locale)):
        parts.append(said)
    if said := weeks_remark(row.point):
        parts.append(said)
    for link in kpi.predicts:
        led = definitions.kpis.get(link.kpi)
        if led is not None:
            later = f" {link.lag} {grain_words(kpi.grain, link.lag)} later" if link.lag else ""
            parts.append(f"Feeds {led.name}{later}")
    if row.missing_components:
        parts.append("lacks " + " and ".join(COMPONENT_WORD[part] for part in row.missing_components))
    if kpi.owner:
        parts.append(definitions.who(kpi.owner))
    if row.open_actions:
        actions = f"{row.open_actions} {'action' if row.open_actions == 1 else 'actions'} open"
        parts.append(actions + (f", {row.overdue_actions} overdue" if row.overdue_actions else ""))
    return " · ".join(parts)


def record_comment(row: Row, locale: str) -> str:
    """The line above a record in its file: `SQL rate · 22.0% of 25.0% · behind · worse, below the lower limit`."""
    point, style = row.point, Style.of(row.kpi, locale)
    figure = style.value(point.value)
    if point.goal:
        figure += f" of {style.goal(point.goal, row.kpi.direction).removeprefix('≤ ')}"
    parts = [row.kpi.name, figure, STATUS_WORD[point.status].lower()]
    if point.signal is not None:
        sentence = RULE_SENTENCE[point.signal.rule][point.signal.side == "below"]
        parts.append(f"{better_or_worse(point.variation)}, {sentence}")
    elif point.variation is not None:
        parts.append("usual variation")
    return " · ".join(parts)
