"""The tree of KPIs: what each stands under, what leads it, and what it contributed to the change of the tree's top.

The tree is that of `parent` in the definitions. A KPI that is named by its parent's formula has a part of its parent's
change: the Owen value of `analysis/drivers.py`, in the unit of the tree's top, so that a KPI's parts sum to its own
part. Measures that the formula names beside its KPIs have lines too, or the parts would not sum. A KPI that its
parent's formula does not name has no part; where it is a formula with KPIs below it, its own change is broken down.

A KPI that `predicts` another stands under it as what leads it, and not as a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from kpitui.analysis.drivers import Part
from kpitui.definitions.formula import Ref, references
from kpitui.definitions.model import Definitions
from kpitui.definitions.ratios import part_of_whole
from kpitui.periods import Period
from kpitui.workspace.amounts import Steps
from kpitui.workspace.answers import Row
from kpitui.workspace.numbers import Style
from kpitui.workspace.opening import Workspace
from kpitui.workspace.why.explain import Explanation, explain

Against = Literal["year_ago", "previous"]
"""What a period is compared with."""
BranchKind = Literal["kpi", "input", "link", "heading"]
"""A KPI at its place; a measure, or an earlier period, of the formula above; what leads the KPI above; a title."""
OUTSIDE = "not in a tree"
"""The title above KPIs that are in none, and its key, which is no KPI's id."""


class Branch(NamedTuple):
    """A line of the tree."""

    key: str
    """Stays the same when the figures are read again."""
    kind: BranchKind
    depth: int
    name: str
    row: Row | None = None
    """Of a KPI, on the scorecard."""
    under: str | None = None
    """The key of the line that it stands under."""
    part: str | None = None
    """What its parent's formula names it by; None where it does not."""
    lag: int | None = None
    """It leads the KPI that it stands under by so many periods of its own grain."""
    below: int = 0
    """How many lines stand under it."""

    @property
    def leads(self) -> bool:
        """It stands under another KPI as what leads it, and not as a part of it."""
        return self.lag is not None and self.part is None


def branches(rows: Sequence[Row], definitions: Definitions) -> tuple[Branch, ...]:
    """The lines of all trees, each followed by those below it, and then the KPIs that are in none.

    KPIs stand in the order of the definitions. No figure is worked out for it.
    """
    by_id = {row.kpi.id: row for row in rows}
    children: dict[str, list[Row]] = {}
    tops: list[Row] = []
    for row in rows:
        (children.setdefault(row.kpi.parent, []) if row.kpi.parent in by_id else tops).append(row)
    leading: dict[str, list[tuple[Row, int]]] = {}
    for row in rows:
        for link in row.kpi.predicts:
            if link.kpi in by_id:
                leading.setdefault(link.kpi, []).append((row, link.lag))

    def lines(top: Row) -> Iterator[Branch]:
        to_come = [Branch(top.kpi.id, "kpi", 0, top.kpi.name, top)]
        while to_come:
            branch = to_come.pop()
            yield branch
            if branch.kind == "kpi":
                to_come += reversed(_below(branch, children, leading, definitions))

    inside = [row for row in tops if row.kpi.id in children]
    outside = [row for row in tops if row.kpi.id not in children]
    found = [branch for top in inside for branch in lines(top)]
    if outside:
        found.append(Branch(OUTSIDE, "heading", 0, OUTSIDE))
        found += [branch._replace(under=branch.under or OUTSIDE) for top in outside for branch in lines(top)]
    return _counted(found)


def _below(
    branch: Branch,
    children: Mapping[str, Sequence[Row]],
    leading: Mapping[str, Sequence[tuple[Row, int]]],
    definitions: Definitions,
) -> list[Branch]:
    """The lines right under a KPI's: the KPIs below it, what else its formula names, and what leads it."""
    assert branch.row is not None
    kpi = branch.row.kpi
    own = children.get(kpi.id, ())
    named = references(kpi.formula) if kpi.formula is not None else []
    lags = {row.kpi.id: lag for row, lag in leading.get(kpi.id, ())}
    depth = branch.depth + 1
    found = [
        Branch(
            row.kpi.id,
            "kpi",
            depth,
            row.kpi.name,
            row,
            branch.key,
            row.kpi.id if Ref(row.kpi.id) in named else None,
            lags.get(row.kpi.id),
        )
        for row in own
    ]
    here = {row.kpi.id for row in own}
    if own and part_of_whole(kpi, definitions) is None:  # else its formula is not what explains it
        found += [
            Branch(f"{kpi.id}={_part_name(ref)}", "input", depth, _input_name(ref, definitions), None, branch.key, name)
            for ref in named
            if (name := _part_name(ref)) not in here
        ]
    found += [
        Branch(f"{row.kpi.id}>{kpi.id}", "link", depth, row.kpi.name, row, branch.key, None, lag)
        for row, lag in leading.get(kpi.id, ())
        if row.kpi.id not in here
    ]
    return found


def _part_name(ref: Ref) -> str:
    """As `why.explain` names it."""
    return f"prev({ref.id}, {ref.back})" if ref.back else ref.id


def _input_name(ref: Ref, definitions: Definitions) -> str:
    other = definitions.kpis.get(ref.id) or definitions.measures[ref.id]
    return f"{other.name}, {ref.back} before" if ref.back else other.name


def _counted(lines: Sequence[Branch]) -> tuple[Branch, ...]:
    counts = dict.fromkeys((line.key for line in lines), 0)
    above = {line.key: line.under for line in lines}
    for line in lines:
        under = line.under
        while under is not None:
            counts[under] += 1
            under = above[under]
    return tuple(line._replace(below=counts[line.key]) for line in lines)


# What each contributed


class Share(NamedTuple):
    """What a line contributed to the change of a KPI above it, and how that is written."""

    before: float | None
    after: float | None
    """Its own figures in both periods."""
    amount: float
    text: str
    """In the unit of the KPI whose change it is, rounded so that the parts of a line add up to its own."""
    of: str | None
    """The line whose change it is a part of; None: it is that change itself."""
    size: float
    """From 0 to 1, as large as the largest part of the same change."""
    within: str = ""
    """`−14 of −40`: of its parent's own change, in its parent's unit; nothing where `text` says that."""


class Movement(NamedTuple):
    """How the KPIs of all trees moved from one period to another; by line."""

    against: Against
    shares: Mapping[str, Share]
    """None of lines that have no part."""
    why_not: Mapping[str, str]
    """Why a line is not broken down."""
    periods: Mapping[str, tuple[Period, Period]]
    """Of the lines whose change is broken down, or should be."""


NOT_MOVED = Movement("year_ago", {}, {}, {})
"""Until it is worked out."""


def usual_comparison(lines: Sequence[Branch]) -> Against:
    """With the year before, where the top of a tree had a figure then."""
    known = any(line.row and line.row.point.year_ago is not None for line in lines if not line.depth)
    return "year_ago" if known else "previous"


def movement(workspace: Workspace, lines: Sequence[Branch], against: Against) -> Movement:
    """What each line contributed. Of a thousand KPIs it takes seconds: it is meant for a thread."""
    below: dict[str, list[Branch]] = {}
    for line in lines:
        if line.under is not None:
            below.setdefault(line.under, []).append(line)
    shares: dict[str, Share] = {}
    why_not: dict[str, str] = {}
    periods: dict[str, tuple[Period, Period]] = {}
    for line in lines:
        if line.key in shares or not _begins(line, below.get(line.key, ())):
            continue
        found = _explained(workspace, line, against)
        periods[line.key] = found.before, found.after
        if found.drivers is None:
            why_not[line.key] = found.why_not
        top = found.drivers or _undivided(workspace, found)
        if top is not None:
            _broken_down(line, top, below, _style(workspace, line), shares, why_not)
    return Movement(against, _with_parents(workspace, lines, below, shares, against), why_not, periods)


def _begins(line: Branch, below: Sequence[Branch]) -> bool:
    """Whether its own change is broken down, for it is at the top, or has no part of what is above it."""
    if line.kind != "kpi" or line.row is None:
        return False
    has_parts = any(other.part is not None for other in below)
    return has_parts or (not line.depth and any(other.kind == "kpi" for other in below))


def _explained(workspace: Workspace, line: Branch, against: Against) -> Explanation:
    assert line.row is not None
    calendar, after = workspace.definitions.calendar, line.row.point.period
    before = calendar.year_before(after) if against == "year_ago" else calendar.shift(after, -1)
    return explain(workspace, line.row.kpi, before, after)


def _undivided(workspace: Workspace, found: Explanation) -> Part | None:
    """The change itself, of a KPI that cannot be broken down; None where there is none to be told."""
    points = [workspace.figures.point(found.kpi, period) for period in (found.before, found.after)]
    if found.change is None or not all(point.usable and not point.partial for point in points):
        return None
    return Part(found.kpi.id, found.figure_before, found.figure_after, found.change)


def _style(workspace: Workspace, line: Branch) -> Style:
    assert line.row is not None
    return Style.of(line.row.kpi, workspace.definitions.locale)


def _broken_down(
    top: Branch,
    whole: Part,
    below: Mapping[str, Sequence[Branch]],
    style: Style,
    shares: dict[str, Share],
    why_not: dict[str, str],
) -> None:
    """Write down the shares of a line and of all that have a part of it."""
    parts = dict(_parts(top, whole, below))
    amounts = [part.contribution for _, part in parts.values()]
    steps = Steps.of(amounts, style)
    largest = max(abs(amount) for amount in amounts)
    counts = {top.key: steps.count(whole.contribution)}
    for key, (line, part) in parts.items():
        size = abs(part.contribution) / largest if largest else 0.0
        of = None if line is top else top.key
        shares[key] = Share(part.before, part.after, part.contribution, steps.text(counts[key]), of, size)
        if part.why_not:
            why_not[key] = part.why_not
        own = [other for other in below.get(key, ()) if other.key in parts]
        spread = steps.spread([parts[other.key][1].contribution for other in own], counts[key]) if own else []
        counts.update(zip((other.key for other in own), spread, strict=True))


def _parts(
    top: Branch, whole: Part, below: Mapping[str, Sequence[Branch]]
) -> Iterator[tuple[str, tuple[Branch, Part]]]:
    """The part of each line, a line before those below it."""
    to_come = [(top, whole)]
    while to_come:
        line, part = to_come.pop(0)
        yield line.key, (line, part)
        named = {each.name: each for each in part.parts}
        to_come += [(other, named[other.part]) for other in below.get(line.key, ()) if other.part in named]


def _with_parents(
    workspace: Workspace,
    lines: Sequence[Branch],
    below: Mapping[str, Sequence[Branch]],
    shares: Mapping[str, Share],
    against: Against,
) -> dict[str, Share]:
    """Where a line's part is told in the unit of a KPI further up, its part of its parent's own change beside it."""
    found = dict(shares)
    for line in lines:
        share = shares.get(line.key)
        if share is None or share.of is None or line.kind != "kpi":
            continue
        own = _explained(workspace, line, against).drivers
        if own is None:
            continue
        alone: dict[str, Share] = {}
        _broken_down(line, own, below, _style(workspace, line), alone, {})
        for other in below.get(line.key, ()):
            if other.key in found and other.key in alone:
                within = f"{alone[other.key].text} of {alone[line.key].text}"
                found[other.key] = found[other.key]._replace(within=within)
    return found
