"""What was said of the KPIs: the review files of a workspace as they are on disk, and how things stand by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from kpitui.definitions.model import Definitions
from kpitui.periods import Period
from kpitui.problems import KpituiError, Problem
from kpitui.records.fold import ActionState, State, fold, settle
from kpitui.records.model import (
    Record,
    Records,
    Review,
    ReviewFile,
)
from kpitui.records.store import RecordStore
from kpitui.review.agenda import reviewed_period
from kpitui.stamps import Stamp
from kpitui.terms import CADENCES, Target
from kpitui.workspace import archive
from kpitui.workspace.figures import PhaseStart


class RecordBook:
    """The records of a workspace. `state` is how things stand."""

    def __init__(self, root: Path, definitions: Definitions, as_of: date) -> None:
        self.root = root
        self._definitions = definitions
        self._as_of = as_of
        self._store = RecordStore(root, definitions.name)
        self.records = Records()
        self.state = State()
        self.problems: list[Problem] = []
        self.held: str | None = None
        """The id of the review that is being held on the screens: what is said in it stands in its file."""
        kept = archive.take(root, self._store.shelf)
        self._settled = kept
        self.reload()
        signed_off = self._signed_off()
        if self._settled is not kept or len(signed_off) - len(kept.files) > archive.LOOSE:
            self._settled = settle(signed_off, self._settled)
            archive.keep(root, self._settled, self._store.shelf)

    def get_ready(self) -> None:
        """Do what the first save would wait for; on a thread, as it may take a while."""
        self._store.get_ready()

    @property
    def seen(self) -> Mapping[str, Stamp | None]:
        """What the review files were before they were read."""
        return self._store.shelf.seen

    def reload(self) -> None:
        """Read the review files that have changed again."""
        records, problems = self._store.load()
        there = {id(file) for file in records.files}
        if any(id(file) not in there for file in self._settled.files):
            self._settled = settle(self._signed_off())
        settled = {id(file) for file in self._settled.files}
        self._loose = [file for file in records.files if id(file) not in settled]
        self.records = Records(records.files, self._settled.places)
        self.state, dangling = fold(records, self._settled)
        self.problems = [*problems, *dangling, *self._without_period()]

    def _without_period(self) -> Iterator[Problem]:
        """Reviews that no session can be held of, as it is not known what they look at; settled ones had theirs."""
        for file in self._loose:
            if file.review and reviewed_period(file.review, self._definitions.calendar) is None:
                yield Problem(
                    file.path,
                    f"no session can be held: `{file.review.cadence}` and `{file.review.period}` do not go together",
                    key="review.period",
                    hint=f"cadence is one of {', '.join(CADENCES)}, and period one of its periods, such as 2026-10",
                )

    def _signed_off(self) -> tuple[ReviewFile, ...]:
        return tuple(read.file for read in self._store.shelf.settled.values())

    # What was decided that shapes figures

    def targets(self) -> Mapping[str, Sequence[Target]]:
        """Decided targets by KPI, the newest last."""
        kpis = self._definitions.kpis
        return {
            kpi: tuple(revision.target(kpis[kpi].grain) for revision in revisions)
            for kpi, revisions in self.state.targets.items()
            if kpi in kpis
        }

    def phases(self) -> Mapping[str, Sequence[PhaseStart]]:
        """Decided phases of the charts by KPI."""
        return {
            kpi: tuple(PhaseStart(change.since, change.baseline_until) for change in changes)
            for kpi, changes in self.state.phases.items()
        }

    # What there is to see

    def open_actions(self) -> dict[str, list[ActionState]]:
        """The actions that are not closed, by KPI."""
        found: dict[str, list[ActionState]] = {}
        for action in self.state.actions:
            if not action.closed:
                found.setdefault(action.action.kpi, []).append(action)
        return found

    def owners(self) -> list[str]:
        """Who owns something: people of the settings by their ids, then other owners of KPIs and of actions."""
        named = (kpi.owner for kpi in self._definitions.kpis.values())
        agreed = (state.action.owner for state in self.state.actions)
        return list(dict.fromkeys(owner for owner in (*self._definitions.people, *named, *agreed) if owner))

    def notes_in(self, kpi: str, period: Period) -> int:
        """How many notes and causes there are on the KPI's period."""
        said: tuple[Record, ...] = (*self.state.notes.get(kpi, ()), *self.state.causes.get(kpi, ()))
        return sum(record.period == period.id for record in said)

    def _record(self, record_id: str) -> tuple[Record, Review]:
        file = self.records.holding(record_id)
        if file is None or file.review is None:
            raise KpituiError(f"there is no record {record_id!r}")
        return next(record for record in file.records if record.id == record_id), file.review

    def record(self, record_id: str) -> Record:
        """The record of that id; KpituiError where there is none."""
        return self._record(record_id)[0]
