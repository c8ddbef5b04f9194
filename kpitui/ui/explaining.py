"""What is asked about KPIs (why they moved, what they are linked to), and the answers, kept while the figures hold."""

from __future__ import annotations

from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.measurements.values import Segmented
from kpitui.periods import Period
from kpitui.problems import KpituiError
from kpitui.workspace.about import Fact
from kpitui.workspace.figures import Figures
from kpitui.workspace.numbers import period_name
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.ahead import pace_facts
from kpitui.workspace.why.bars import Bars, bars
from kpitui.workspace.why.compare import Side, compare
from kpitui.workspace.why.linked import LinkedKpis
from kpitui.workspace.why.words import compared_said, side_said

_UNPLANNED = "no p-value: this comparison was not planned before the figures were seen (p: it was)"
_PLANNED = "the figures stood here before p was pressed: it holds only where the plan came first"


class Place(NamedTuple):
    """A KPI in a period, with the figures of the moment."""

    workspace: Workspace
    figures: Figures
    kpi: Kpi
    period: Period

    @property
    def asked(self) -> tuple[object, ...]:
        """The place itself, whatever the records of the moment make of its figures."""
        return self.workspace, self.kpi, self.period


class Question(NamedTuple):
    """Why a KPI moved."""

    workspace: Workspace
    kpi: Kpi
    before: Period
    after: Period
    column: str | None
    """None: its inputs."""
    letters: tuple[str, ...] = ()
    """Segments to compare."""
    marked: bool = False
    """The two periods are the marked ones, to be compared."""
    planned: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What its answer depends on beside the figures."""
        return self.kpi.id, *self[2:]

    @property
    def bars(self) -> tuple[object, ...]:
        """What its bars depend on beside the figures, which each record makes anew."""
        return self[:5]


class Wanted(NamedTuple):
    """What is to be shown of a KPI beside its chart."""

    place: Place
    question: Question | None
    """None: its links alone."""


class Answer(NamedTuple):
    """What is known of a question."""

    bars: Bars | str
    """Or why there are none."""
    compared: tuple[str, ...] = ()


class Answers:
    """What was worked out, as long as the figures are the same: who comes by again is shown it at once."""

    def __init__(self) -> None:
        self._figures: Figures | None = None
        self._links: dict[tuple[str, Period], LinkedKpis] = {}
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._pace: dict[str, tuple[Fact, ...]] = {}

    def turn_to(self, figures: Figures) -> None:
        """What was worked out of other figures is no more."""
        if figures is not self._figures:
            self._figures = figures
            self._links, self._answers, self._pace = {}, {}, {}

    def links(self, place: Place) -> LinkedKpis | None:
        return self._links.get((place.kpi.id, place.period)) if place.figures is self._figures else None

    def answer(self, wanted: Wanted) -> Answer | None:
        question = wanted.question
        return self._answers.get(question.key) if question and wanted.place.figures is self._figures else None

    def hold(self, wanted: Wanted) -> bool:
        """Nothing of it has to be worked out."""
        return self.links(wanted.place) is not None and (wanted.question is None or self.answer(wanted) is not None)

    def keep(self, wanted: Wanted, links: LinkedKpis, answer: Answer | None) -> None:
        """Keep what a thread found, unless the figures are others by now."""
        place, question = wanted
        if place.figures is not self._figures:
            return
        self._links[place.kpi.id, place.period] = links
        if question is not None and answer is not None:
            self._answers[question.key] = answer

    def pace(self, workspace: Workspace, kpi: Kpi) -> tuple[Fact, ...]:
        """Where the KPI is going: a few milliseconds at most, and found later it would move the lines below it."""
        self.turn_to(workspace.figures)
        if kpi.id not in self._pace:
            self._pace[kpi.id] = pace_facts(workspace, kpi)
        return self._pace[kpi.id]


def answered(question: Question, found: Segmented | str | None) -> Answer:
    """Called on a thread; `found` is what was read of the segments, or why that failed."""
    if isinstance(found, str):
        return Answer(f"The segments cannot be read: {found}")
    workspace, kpi = question.workspace, question.kpi
    shown = bars(workspace, kpi, question.before, question.after, question.column, found)
    return Answer(shown, tuple(_compared(question, found)))


def _compared(question: Question, found: Segmented | None) -> list[str]:
    """What two marked periods, or two marked segments, say when their rates are held against each other."""
    workspace, column = question.workspace, question.column
    locale = workspace.definitions.locale
    if len(question.letters) == 2 and column is not None and found is not None:
        period = question.after
        when = period_name(period, locale)
        pair = [Side(f"{name} in {when}", period, period, column, name) for name in question.letters]
    elif question.marked:
        pair = [Side(period_name(each, locale), each, each) for each in (question.before, question.after)]
    else:
        return []
    try:
        read = {column: found} if column is not None and found is not None else {}
        comparison = compare(workspace, question.kpi, pair[0], pair[1], read)
    except KpituiError as error:
        return [f"A and B are not compared: {error}"]
    planned = question.planned
    said = [side_said(comparison, locale), *compared_said(comparison, locale, planned=planned)]
    return [*said, _PLANNED if planned else _UNPLANNED]
