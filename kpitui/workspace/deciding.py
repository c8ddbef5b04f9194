"""What a review decides about KPIs: verdicts on them, and other targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import TypeVar, get_args

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain, Period, add_months
from kpitui.problems import KpituiError
from kpitui.records.model import GrainWord, Record, Review, TargetRevision, Verdict, VerdictWord
from kpitui.records.quick import parse_due
from kpitui.records.store import Saved
from kpitui.review.agenda import reviewed_period
from kpitui.terms import Path
from kpitui.workspace.answers import Row
from kpitui.workspace.forms import Field
from kpitui.workspace.numbers import Style, period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.revisions import target_phrase
from kpitui.workspace.typed import understand
from kpitui.workspace.wording import record_comment

PATHS: tuple[Path, ...] = get_args(Path)
GRAIN_WORDS: tuple[GrainWord, ...] = get_args(GrainWord)
_Word = TypeVar("_Word", bound=str)


def give_verdicts(
    workspace: Workspace,
    review: Review,
    words: Sequence[tuple[Row, VerdictWord]],
    *,
    owner: str | None = None,
    due: date | None = None,
    by: str | None = None,
) -> list[Saved]:
    """Write a verdict on each row's KPI and period, all in one save. Raises KpituiError where that fails."""
    if not words:
        return []
    signed = workspace.journal.signed(by)
    records: list[tuple[Record, str]] = [
        (
            Verdict(kpi=row.kpi.id, period=row.point.period.id, verdict=word, owner=owner, due=due, **signed),
            record_comment(row, workspace.definitions.locale),
        )
        for row, word in words
    ]
    saved = workspace.journal.add_all(review, records)
    workspace.records_changed()
    return saved


def period_of_record(workspace: Workspace, review: Review) -> Period:
    """What a record is about that goes to the review and names no period: the period under review while a session is
    held, else the last one that has ended."""
    held = any(begun.id == review.id for begun in workspace.journal.records.begun)
    reviewed = reviewed_period(review, workspace.definitions.calendar) if held else None
    return reviewed or workspace.last_ended(workspace.usual_grain)


def verdicts_by_review(
    workspace: Workspace,
    kpis: Sequence[Kpi],
    word: VerdictWord,
    *,
    review: str | None = None,
    owner: str | None = None,
    due: date | None = None,
    by: str | None = None,
) -> list[Saved]:
    """Write a verdict on each KPI into the review that its records go to; one save for each of these."""
    placed: dict[str, tuple[Review, list[tuple[Row, VerdictWord]]]] = {}
    for kpi in kpis:
        target = workspace.journal.review_of(kpi, review)
        row = workspace.row(kpi, period_of_record(workspace, target))
        placed.setdefault(target.id, (target, []))[1].append((row, word))
    return [
        saved
        for target, words in placed.values()
        for saved in give_verdicts(workspace, target, words, owner=owner, due=due, by=by)
    ]


# Targets


def target_now(workspace: Workspace, row: Row) -> str:
    """`now 10.1k a month`; where the period shown is not what the target is for, also `2,330 for W44`."""
    kpi, style = row.kpi, Style.of(row.kpi, workspace.definitions.locale)
    now = workspace.figures.target_in_force(kpi, workspace.definitions.calendar.period(Grain.DAY, workspace.as_of))
    if now is None:
        return "no target holds now"
    told = f"now {target_phrase(now, kpi, style)}"
    if row.point.goal and kpi.additive and row.point.period.grain is not now.per:
        shown = period_name(row.point.period, workspace.definitions.locale)
        told += f" · {style.goal(row.point.goal, kpi.direction)} for {shown}"
    return told


def target_fields(workspace: Workspace, kpi: Kpi, shown: Period) -> list[Field]:
    """The form of a revision: from next month on, with what holds then or, where nothing does, today; of a KPI without
    a target an amount for the period that is shown."""
    since = add_months(workspace.as_of, 1)
    days = (workspace.definitions.calendar.period(Grain.DAY, day) for day in (since, workspace.as_of))
    now = next((found for day in days if (found := workspace.figures.target_in_force(kpi, day))), None)
    per = (now.per if now else max(shown.grain, kpi.grain)).word
    fields = [
        Field("from", "from", since.isoformat(), "first day on which it holds"),
        Field("until", "until", "", "last day, included; empty: until another begins"),
    ]
    if kpi.direction == "range":
        fields += [
            Field("low", "low", _typed(now.low if now else None, kpi)),
            Field("high", "high", _typed(now.high if now else None, kpi)),
        ]
    else:
        fields.append(Field("value", "value", _typed(now.value if now else None, kpi)))
    if kpi.additive:
        fields.append(Field("per", "per", per, "what the amount is for", choices=GRAIN_WORDS))
    if kpi.direction != "range":
        fields += [
            Field("path", "path", "flat", choices=PATHS),
            Field("start", "start", "", "of a linear path: where it begins"),
        ]
    return [
        *fields,
        Field("reason", "reason", "", "why; it is shown with the target", long=True),
        Field("approved_by", "approved by", "", "a short id, or any text"),
    ]


def _typed(value: float | None, kpi: Kpi) -> str:
    """The value as `understand` reads it back."""
    if value is None:
        return ""
    return f"{value * 100:.12g}%" if kpi.unit == "percent" else f"{value:.12g}"


def revise_target(
    workspace: Workspace,
    row: Row,
    texts: Mapping[str, str],
    *,
    review: str | None = None,
    by: str | None = None,
) -> Saved:
    """Write another target for the row's KPI from the texts of a form. Raises KpituiError where that cannot be.

    The record overrides what the definition says from its day on; what held before stays as it was.
    """
    kpi = row.kpi
    given = {key: text.strip() for key, text in texts.items() if text.strip()}
    if "from" not in given:
        raise KpituiError("a target needs the day from which it holds, such as 2026-12-01")
    if "reason" not in given:
        raise KpituiError("a target needs a reason: without one a change looks like moving the goalposts")
    amounts = {key: _amount(given[key], kpi, workspace) for key in ("value", "low", "high", "start") if key in given}
    today = workspace.as_of
    revision = TargetRevision(
        kpi=kpi.id,
        period=row.point.period.id,
        since=parse_due(given["from"], today),
        until=parse_due(given["until"], today) if "until" in given else None,
        value=amounts.get("value"),
        low=amounts.get("low"),
        high=amounts.get("high"),
        per=_one_of("per", given.get("per"), GRAIN_WORDS),
        path=_one_of("path", given.get("path"), PATHS),
        start=amounts.get("start"),
        reason=given["reason"],
        approved_by=given.get("approved_by"),
        **workspace.journal.signed(by),
    )
    _check(revision, kpi)
    target = workspace.journal.review_of(kpi, review)
    [saved] = workspace.journal.add_all(target, [(revision, record_comment(row, workspace.definitions.locale))])
    workspace.records_changed()
    return saved


def _amount(text: str, kpi: Kpi, workspace: Workspace) -> float:
    value = understand(text, kpi, workspace.definitions.locale).value
    if value is None or not isfinite(value):
        raise KpituiError(f"{text!r} is no target")
    return value


def _one_of(key: str, text: str | None, words: tuple[_Word, ...]) -> _Word | None:
    word = next((word for word in words if word == text), None)
    if text and word is None:
        raise KpituiError(f"{key} is one of {', '.join(words)}, not {text!r}")
    return word


def _check(target: TargetRevision, kpi: Kpi) -> None:
    """The rules of a target in a definition hold here, too (`definitions/targets.py`)."""
    bounded = kpi.direction == "range"
    if bounded and (target.low is None or target.high is None):
        raise KpituiError(f"{kpi.name} is to stay in a range: its target needs low and high")
    if not bounded and target.value is None:
        raise KpituiError(f"the target of {kpi.name} needs a value")
    if target.low is not None and target.high is not None and target.low > target.high:
        raise KpituiError("low is above high")
    if target.until is not None and target.until < target.since:
        raise KpituiError("the target ends before it begins")
    if target.path == "linear" and (target.start is None or target.until is None):
        raise KpituiError("a linear path needs start, the value it begins at, and until, the day on which it ends")
    if target.path != "linear" and target.start is not None:
        raise KpituiError("start is for a linear path")
    if target.path == "seasonal" and (target.per or kpi.grain.word) != "year":
        raise KpituiError("a seasonal path spreads a year's amount: per is year")
