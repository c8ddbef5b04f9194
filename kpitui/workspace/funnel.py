"""The funnel: how many come through each stage, which share goes on to the next, and where too few do.

Its steps are the KPIs with a `stage` that are a part of a whole of which more is better, such as SQLs ÷ MQLs: the whole
is what comes in, the part is what goes on. Steps are joined where the part of one is the whole of the next. What is
joined belongs to the funnel if it has two steps, or if one of its counts is a KPI with a stage: the share of invoices
that are checked is a part of a whole, too, and no step of a funnel.

A stage of which no count is known by then is shown by a count of its own: its first KPI that adds up and has no unit
such as money or hours, one of `type = "volume"` before others. Between counts that no step joins, the share is the
second ÷ the first.

The bottleneck is the step that is furthest below its target, in per cent of it; a step without a target is held
against the year before. Steps weigh alike: a funnel multiplies its shares, so that a tenth more in any of them is a
tenth more at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kpitui.definitions.formula import Expression, Ref
from kpitui.definitions.model import Definitions, Kpi
from kpitui.definitions.ratios import part_of_whole
from kpitui.periods import Period
from kpitui.workspace.answers import Row
from kpitui.workspace.opening import Workspace

_MEASURED = ("currency", "percent", "days", "hours", "ratio", "score")
"""Units of what is no count."""


class Count(NamedTuple):
    """How many there are at one place of the funnel."""

    name: str
    stage: str
    row: Row | None
    """Of a count that is a KPI."""
    value: float | None
    complete: bool
    year_ago: float | None
    change: float | None
    """On the year before, as a part of it; None where one of them is not whole."""


class Passage(NamedTuple):
    """Which share goes on from the count before to the one after."""

    name: str
    row: Row | None
    """The step's KPI; None where the share is that of two counts that nothing joins."""
    share: float | None
    target: float | None
    year_ago: float | None
    short_of_target: float | None
    """Share ÷ target − 1; None without a target."""
    short_of_year: float | None
    lacking: float | None = None
    """How many more would have gone on at the target, or else at the year before's share; None where not fewer did."""

    @property
    def short(self) -> float | None:
        """What steps are compared by: against the target, or where there is none against the year before."""
        return self.short_of_year if self.target is None else self.short_of_target


class Funnel(NamedTuple):
    """From its wide end on."""

    period: Period
    stages: tuple[str, ...]
    """As the definitions name them."""
    counts: tuple[Count, ...]
    passages: tuple[Passage, ...]
    """`passages[i]` leads from `counts[i]` to `counts[i + 1]`."""
    bottleneck: int | None
    """The passage that is furthest below what it should be; None where none is below."""
    empty: str = ""
    """Why there is no funnel, and what makes one."""


class _Step(NamedTuple):
    row: Row
    whole: Expression
    part: Expression


def stages(definitions: Definitions) -> tuple[str, ...]:
    """The stages, in the order in which the definitions name them first."""
    return tuple(dict.fromkeys(kpi.stage for kpi in definitions.kpis.values() if kpi.stage))


def funnel(workspace: Workspace, rows: Sequence[Row], period: Period) -> Funnel:
    """The funnel in a period, from the rows of its scorecard."""
    definitions = workspace.definitions
    order = stages(definitions)
    nothing = Funnel(period, order, (), (), None)
    if not order:
        return nothing._replace(empty='No KPI has a stage. stage = "awareness" under [kpi.ID] says where it stands.')
    places = _places(rows, definitions, order)
    if len(places) < 2:
        return nothing._replace(
            empty="No two counts follow each other: a funnel needs KPIs with a stage that count something, or such a "
            'share as formula = "signed / invited" in per cent.'
        )
    counts = tuple(_count(workspace, place) for place in places)
    passages = tuple(_passage(*pair) for pair in zip(pairwise(places), pairwise(counts), strict=True))
    short = [(passage.short, i) for i, passage in enumerate(passages) if passage.short is not None]
    worst = min(short, default=(0.0, 0))
    return Funnel(period, order, counts, passages, worst[1] if worst[0] < 0 else None)


class _Place(NamedTuple):
    """A count on its way through the funnel."""

    of: Expression
    stage: str
    step: Row | None
    """The KPI that is the share of the place before that came here; None where nothing says so."""
    row: Row | None
    """The KPI that is the count."""
    by: Row
    """A KPI that it is an input of, or itself: its period, and whether its values have come."""


def _places(rows: Sequence[Row], definitions: Definitions, order: Sequence[str]) -> list[_Place]:
    by_id = {row.kpi.id: row for row in rows}
    staged = [row for row in rows if row.kpi.stage]
    chains = [_of_chain(chain, by_id, order) for chain in _chains(staged, definitions)]
    held = {place.stage for chain in chains for place in chain}
    for stage in order:
        own = [row for row in staged if row.kpi.stage == stage and _counts(row.kpi)]
        own.sort(key=lambda row: row.kpi.type != "volume")
        if stage not in held and own:
            chains.append([_Place(Ref(own[0].kpi.id), stage, None, own[0], own[0])])
    chains.sort(key=lambda chain: order.index(chain[-1].stage))
    return [place for chain in chains for place in chain]


def _counts(kpi: Kpi) -> bool:
    return kpi.additive and kpi.unit not in _MEASURED


def _chains(staged: Sequence[Row], definitions: Definitions) -> list[list[_Step]]:
    """The steps, joined where one begins with what another ends with; those alone that count no KPI left out."""
    steps = []
    for row in staged:
        of = part_of_whole(row.kpi, definitions)
        if of is not None and row.kpi.direction == "up":
            steps.append(_Step(row, of.whole, of.part))
    chains: list[list[_Step]] = []
    left = list(steps)
    while left:
        ends = [step.part for step in left]
        # One that no other leads to; in a ring any.
        first = next((step for step in left if step.whole not in ends), left[0])
        chain = [first]
        left.remove(first)
        while (after := next((step for step in left if step.whole == chain[-1].part), None)) is not None:
            chain.append(after)
            left.remove(after)
        chains.append(chain)
    ids = {row.kpi.id for row in staged if _counts(row.kpi)}
    return [chain for chain in chains if len(chain) > 1 or _named(chain[0].whole, ids) or _named(chain[0].part, ids)]


def _named(of: Expression, ids: set[str]) -> bool:
    return isinstance(of, Ref) and not of.back and of.id in ids


def _of_chain(chain: Sequence[_Step], by_id: dict[str, Row], order: Sequence[str]) -> list[_Place]:
    """What comes in first, and then what each step lets through."""

    def place(of: Expression, usual: str, step: Row | None, by: Row) -> _Place:
        row = by_id.get(of.id) if isinstance(of, Ref) and not of.back else None
        return _Place(of, (row.kpi.stage if row else None) or usual, step, row, row or by)

    first = chain[0].row
    # What comes into a stage stood in the one before it.
    before = order[max(0, order.index(first.kpi.stage or order[0]) - 1)]
    found = [place(chain[0].whole, before, None, first)]
    found += [place(step.part, step.row.kpi.stage or order[0], step.row, step.row) for step in chain]
    return found


def _count(workspace: Workspace, place: _Place) -> Count:
    point = place.by.point
    now = _figure(workspace, place.of, point.period)
    then = _figure(workspace, place.of, workspace.definitions.calendar.year_before(point.period))
    whole = point.usable and not point.partial and point.year_ago_complete
    return Count(
        _name(workspace.definitions, place),
        place.stage,
        place.row,
        now,
        point.complete,
        then,
        _short(now, then) if whole else None,
    )


def _figure(workspace: Workspace, of: Expression, period: Period) -> float | None:
    number = workspace.definitions.calendar.number(period.grain, period.start)
    return workspace.figures.evaluated(of, period.grain, [number])[0]


def _name(definitions: Definitions, place: _Place) -> str:
    of = place.of
    if isinstance(of, Ref):
        other = definitions.kpis.get(of.id) or definitions.measures[of.id]
        return other.name
    return place.step.kpi.name if place.step is not None else "all of them"


def _passage(places: tuple[_Place, _Place], counts: tuple[Count, Count]) -> Passage:
    (before, after), (come, gone) = places, counts
    if after.step is not None:
        point = after.step.point
        goal = point.goal.value if point.goal else None
        share, then = (point.value if point.usable else None), (point.year_ago if point.year_ago_complete else None)
        name = after.step.kpi.name
    else:
        points = before.by.point, after.by.point
        goal, name = None, f"{gone.name} ÷ {come.name}"
        share = _ratio(gone.value, come.value) if all(point.usable for point in points) else None
        then = _ratio(gone.year_ago, come.year_ago) if all(point.year_ago_complete for point in points) else None
    found = Passage(name, after.step, share, goal, then, _short(share, goal), _short(share, then))
    aim = then if goal is None else goal
    if share is None or aim is None or come.value is None or share >= aim:
        return found
    return found._replace(lacking=(aim - share) * come.value)


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _short(now: float | None, aim: float | None) -> float | None:
    return now / aim - 1 if now is not None and aim else None
