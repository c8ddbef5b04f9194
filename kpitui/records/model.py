"""Reviews and their records as frozen values; a class per table of a review file.

The order of a class's fields is the order of the keys in the file. None, "" and () are not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args

import msgspec

from kpitui.periods import GRAINS, Grain
from kpitui.problems import Problem
from kpitui.terms import CauseClass, Path, Target

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A date and time that knows its offset."""

Confidence = Literal["confirmed", "hypothesis"]
ActionStatus = Literal["open", "doing", "done", "dropped"]
VerdictWord = Literal["fine", "noise", "explained", "investigating", "act", "data", "target"]
VERDICTS: tuple[VerdictWord, ...] = get_args(VerdictWord)
ReviewState = Literal["open", "signed-off"]
GrainWord = Literal["day", "week", "month", "quarter", "year"]


class Record(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag=str.lower, tag_field=":"
):
    """Something that was said about a KPI: who, when, and about which period."""

    table: ClassVar[str]
    """The TOML table; its first letter begins the ids of its records."""

    id: str = ""
    """Short and random, such as `c-9m2x`; empty until the store gives it one."""
    kpi: str
    period: str | None = None
    by: str
    at: Moment


class Note(Record, frozen=True, kw_only=True):
    table = "note"

    segment: str | None = None
    text: str


class Cause(Record, frozen=True, kw_only=True, rename={"cause_class": "class"}):
    table = "cause"

    segment: str | None = None
    cause_class: CauseClass | None = None
    confidence: Confidence | None = None
    chart: str | None = None
    """What the chart said of the point; "usual variation" where it said nothing."""
    text: str
    whys: tuple[str, ...] = ()


class Decision(Record, frozen=True, kw_only=True):
    table = "decision"

    text: str


class Action(Record, frozen=True, kw_only=True):
    """Somebody does something by a date. What became of it is told by followups."""

    table = "action"

    cause: str | None = None
    """Id of the cause that it acts on."""
    title: str
    owner: str | None = None
    due: date | None = None
    effect: str | None = None
    """What it is expected to change."""


class Followup(Record, frozen=True, kw_only=True):
    """What became of an action: a status, a new due date, or both."""

    table = "followup"

    kpi: str = ""
    action: str
    status: ActionStatus | None = None
    due: date | None = None
    text: str = ""


class Verdict(Record, frozen=True, kw_only=True, rename={"verdict": "is"}):
    """What a review made of a KPI."""

    table = "verdict"

    verdict: VerdictWord
    owner: str | None = None
    due: date | None = None


class TargetRevision(Record, frozen=True, kw_only=True, rename={"since": "from"}):
    """From a date on, another target: a value, or a range from `low` to `high`."""

    table = "target"

    since: date
    until: date | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    per: GrainWord | None = None
    path: Path | None = None
    start: float | None = None
    reason: str
    approved_by: str | None = None

    def target(self, grain: Grain) -> Target:
        """The revision as a target; `grain`, the KPI's own, is what the value is for where `per` is None."""
        return Target(
            since=self.since,
            until=self.until,
            value=self.value,
            low=self.low,
            high=self.high,
            per=GRAINS[self.per] if self.per else grain,
            path=self.path or "flat",
            start=self.start,
            reason=self.reason,
        )


class PhaseChange(Record, frozen=True, kw_only=True, rename={"since": "from"}):
    """A chart's limits are computed anew from a date on, or fixed by the points up to `baseline_until`."""

    table = "phase"

    since: date
    baseline_until: date | None = None
    reason: str


class Retraction(Record, frozen=True, kw_only=True):
    """Takes a record back that others may have read; a retraction can be taken back too."""

    table = "retraction"

    kpi: str = ""
    of: str
    """Id of the record that no longer counts."""
    text: str = ""


KINDS: tuple[type[Record], ...] = (
    Note,
    Cause,
    Decision,
    Action,
    Followup,
    Verdict,
    TargetRevision,
    PhaseChange,
    Retraction,
)
AnyRecord = Note | Cause | Decision | Action | Followup | Verdict | TargetRevision | PhaseChange | Retraction
"""For msgspec, which tells them apart by a tag of its own."""
TABLES: dict[str, type[Record]] = {kind.table: kind for kind in KINDS}


@cache
def fields_of(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """The fields of a struct. Working them out evaluates every annotation, which takes longer than a save's disk."""
    return msgspec.structs.fields(kind)


def table_of(record: msgspec.Struct) -> dict[str, Any]:
    """The keys and values that a file holds for a record (without its id) or a review, in their order."""
    values = {
        key: getattr(record, name)
        for name, key in zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True)
        if not (key == "id" and isinstance(record, Record))
    }
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items() if v not in (None, "", ())}


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One meeting, or what was written between meetings about the same period."""

    id: str
    """Period and cadence: `2026-10-monthly`."""
    cadence: str
    period: str
    state: ReviewState = "open"
    started: Moment
    chair: str | None = None
    attendees: tuple[str, ...] = ()
    signed_off_by: str | None = None
    signed_off_at: Moment | None = None
    """Both of the sign-off that holds; a review that was opened again has none until it is signed off anew."""
    reopened_by: str | None = None
    reopened_at: Moment | None = None
    """Both of the last time that it was opened again."""


PEOPLE = ("chair", "attendees")
SIGN_OFF = ("signed_off_by", "signed_off_at")
REOPENING = ("reopened_by", "reopened_at")
"""Keys of a review that go together: who, and when."""


class Figures(NamedTuple):
    """What the room saw of a KPI when the review was first started."""

    actual: float | None
    target: float | tuple[float, float] | None
    """A value, or the range from low to high."""
    status: str
    signal: str
    """Rule and side, such as `outside_limits below`; empty where the chart said nothing."""
    fingerprint: str
    """The definition's hash, so that a change of meaning shows."""


class ReviewFile(msgspec.Struct, frozen=True):
    """What one file under `reviews/` holds, sound parts only."""

    path: str
    """Relative to the workspace, with forward slashes."""
    review: Review | None
    """None where `[review]` cannot be read."""
    records: Sequence[Record] = ()
    """In file order."""
    lines: Mapping[str, int] = {}
    """Record id → line of its header; in file order."""
    figures: Mapping[str, Figures] = {}
    problems: tuple[Problem, ...] = ()
    read_only: str | None = None
    """Why nothing may be written to the file, as a clause; None where it may."""

    @property
    def begun(self) -> bool:
        """A session was held, or is being held; else notes made the file, and wait for one."""
        return bool(self.figures) or (self.review is not None and self.review.state == "signed-off")

    @property
    def review_id(self) -> str:
        """The review's id; where the file does not say, its name without the ending."""
        return self.review.id if self.review else self.path.rpartition("/")[2].removesuffix(".toml")


class Records(msgspec.Struct, frozen=True):
    """All review files of a workspace, by file name."""

    files: tuple[ReviewFile, ...] = ()
    places: Mapping[str, ReviewFile] = {}
    """Record id → its file, of those that are known already; the others are searched."""

    @property
    def reviews(self) -> list[Review]:
        return [file.review for file in self.files if file.review]

    @property
    def begun(self) -> list[Review]:
        """The reviews of which a session was held, or is being held."""
        return [file.review for file in self.files if file.review and file.begun]

    @property
    def unreadable(self) -> list[str]:
        """The reviews of whose files it cannot be read what they look at, nor whether they are open."""
        return [file.review_id for file in self.files if file.review is None]

    def of_review(self, review_id: str) -> ReviewFile | None:
        """The file of that review; the first of them where it was copied."""
        return next((file for file in self.files if file.review_id == review_id), None)

    def holding(self, record_id: str) -> ReviewFile | None:
        """The file that a record stands in; the first of them where it was copied."""
        return self.places.get(record_id) or next((file for file in self.files if record_id in file.lines), None)
