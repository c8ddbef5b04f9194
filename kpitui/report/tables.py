"""Scorecard and series as tables of text: a header, rows, and which columns are aligned to the right."""

from __future__ import annotations

from collections.abc import Sequence

from kpitui.definitions.model import Definitions
from kpitui.workspace.answers import Point, Row, Scorecard, Trend
from kpitui.workspace.changes import change_text, gap_text, yoy_text
from kpitui.workspace.grouping import grouped
from kpitui.workspace.numbers import Style
from kpitui.workspace.wording import (
    GROUP_NAME,
    STATUS_WORD,
    actual,
    figure_remarks,
    remark_sentence,
    row_remark,
    signal_phrase,
)

Table = tuple[list[str], list[list[str]], frozenset[int]]
_EXACT_REMARKS = [
    "coverage",
    "stale_since",
    "restated",
    "restated_review",
    "redefined_since",
    "manual",
    "possible_duplicates",
]
"""What stands in one column of words for people, as columns of their own; named as in the JSON."""


def scorecard_table(scorecard: Scorecard, definitions: Definitions, *, exact: bool = False) -> Table:
    """The scorecard in the order of the meeting. `exact` gives plain numbers and more columns instead of words."""
    header = ["talk", "kpi", "name", "period", "actual", "target", "status", "gap", "change", "year", "signal", "owner"]
    header += _EXACT_REMARKS if exact else ["remarks"]
    rows = []
    for group in grouped(scorecard.rows, "decision"):
        for row in group.rows:
            kpi, point = row.kpi, row.point
            style = Style.of(kpi, definitions.locale)
            rows.append(
                [
                    GROUP_NAME[row.group].lower(),
                    kpi.id,
                    kpi.name,
                    point.period.id,
                    _number(point.value) if exact else actual(row, style),
                    _goal_number(point) if exact else style.goal(point.goal, kpi.direction),
                    point.status if exact else STATUS_WORD[point.status],
                    _number(point.gap) if exact else gap_text(point, kpi, style),
                    _number(point.change) if exact else change_text(point, kpi, style),
                    _number(point.yoy) if exact else yoy_text(point, kpi, style),
                    row_remark(row, definitions.locale, scorecard.as_of),
                    definitions.who(kpi.owner),
                    *(_exact_remarks(row) if exact else [figure_remarks(row, style, scorecard.as_of)]),
                ]
            )
    return header, rows, frozenset({4, 5, 7, 8, 9})


def _exact_remarks(row: Row) -> list[str]:
    return [
        _number(row.point.coverage),
        row.stale_since.isoformat() if row.stale_since else "",
        _number(row.restated.value) if row.restated else "",
        row.restated.review if row.restated else "",
        row.redefined or "",
        "yes" if row.manual else "",
        "yes" if row.point.possible_duplicates else "",
    ]


def series_table(trends: Sequence[Trend], definitions: Definitions, *, exact: bool = False) -> Table:
    """A row per KPI and period."""
    header = ["kpi", "period", "value", "coverage", "target", "status", "change", "year", "signal", "lower", "upper"]
    rows = []
    for trend in trends:
        style = Style.of(trend.kpi, definitions.locale)
        for point in trend.points:
            lower = point.phase.lower if point.phase else None
            upper = point.phase.upper if point.phase else None
            mark = "" if point.complete or point.value is None else "*"
            rows.append(
                [
                    trend.kpi.id,
                    point.period.id,
                    _number(point.value) if exact else style.value(point.value) + mark,
                    _number(point.coverage) if exact else f"{point.seen}/{point.due}",
                    _goal_number(point) if exact else style.goal(point.goal, trend.kpi.direction),
                    point.status if exact else STATUS_WORD[point.status],
                    _number(point.change) if exact else change_text(point, trend.kpi, style),
                    _number(point.yoy) if exact else yoy_text(point, trend.kpi, style),
                    signal_phrase(point),
                    _number(lower) if exact else style.value(lower),
                    _number(upper) if exact else style.value(upper),
                ]
            )
    return header, rows, frozenset({2, 3, 4, 6, 7, 9, 10})


def series_remarks(trends: Sequence[Trend]) -> list[str]:
    """What is to be known of the charts before they are believed, a line each."""
    return [
        f"{trend.kpi.id}: {remark_sentence(remark, trend.kpi, trend.grain)}"
        for trend in trends
        for remark in trend.remarks
    ]


def _number(value: float | None) -> str:
    return "" if value is None else repr(value)


def _goal_number(point: Point) -> str:
    if point.goal is None:
        return ""
    if point.goal.value is not None:
        return repr(point.goal.value)
    return f"{_number(point.goal.low)}..{_number(point.goal.high)}"
