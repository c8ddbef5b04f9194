"""A workspace: definitions, measurements, records and the analysis of them, opened together to answer questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kpitui.analysis import status
from kpitui.definitions.load import load
from kpitui.definitions.model import MANUAL, Definitions, Kpi
from kpitui.measurements.manual import Typed, frequency, with_typed
from kpitui.measurements.values import Measured
from kpitui.periods import Grain, Period
from kpitui.problems import KpituiError, NothingToShowError, Problem, total
from kpitui.records.model import ActionStatus, Record
from kpitui.records.store import Saved
from kpitui.terms import Component
from kpitui.workspace import manual
from kpitui.workspace.ahead import far_ahead
from kpitui.workspace.answers import KpiChart, Point, Row, Scorecard, Trend
from kpitui.workspace.author import author
from kpitui.workspace.figures import Figures
from kpitui.workspace.journal import Journal
from kpitui.workspace.manual import SavedValue
from kpitui.workspace.numbers import Style
from kpitui.workspace.restated import Reviewed, finest_grain, own_period, redefined, restated
from kpitui.workspace.seen import Seen, look, look_at_definitions, look_at_measurements, look_at_targets, look_at_typed
from kpitui.workspace.typed import understand
from kpitui.workspace.wording import record_comment

Measure = Callable[[Definitions, Path], Measured]
"""How measurements are read: here, in a process of its own, or from a cache."""

SPARK = 25
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Dates outside of these are mistakes, in measurements as in a call."""


def read_here(definitions: Definitions, root: Path, *, known_at: date | None = None) -> Measured:
    """Read in this process what the cache does not have; `known_at`: as it was known at the end of that day."""
    from kpitui.measurements.cache import read_through

    return read_through(definitions, root, known_at=known_at)


def read_anew(definitions: Definitions, root: Path, *, known_at: date | None = None) -> Measured:
    """Read all measurements in this process, and keep nothing."""
    from kpitui.measurements.cache import read_through

    return read_through(definitions, root, use_cache=False, known_at=known_at)


class Workspace:
    """An open workspace, on one as-of date."""

    def __init__(
        self,
        root: Path,
        definitions: Definitions,
        measured: Measured,
        journal: Journal,
        problems: list[Problem],
        as_of: date,
        seen: Seen,
        known_at: date | None = None,
    ) -> None:
        self.root = root
        self._seen = seen
        self.definitions = definitions
        self.as_of = as_of
        self._problems = problems
        self._from_sources = measured
        self.known_at = known_at
        """The day at whose end the figures were known so; None: now."""
        self.journal = journal
        self._refresh_figures()

    @classmethod
    def open(
        cls, root: Path, *, as_of: date | None = None, measure: Measure = read_here, known_at: date | None = None
    ) -> Workspace:
        """Open the folder; raises KpituiError where nothing in it can be shown.

        `as_of` overrides the workspace's own date, which overrides today. `known_at`: figures that were typed in
        later do not count; `measure` does the same for sources.
        """
        before = look_at_definitions(root)
        definitions, problems = load(root)
        if not definitions.kpis:
            raise _nothing_to_show(root, problems)
        day = as_of or definitions.as_of or date.today()  # noqa: DTZ011 - a review's day is the room's own
        journal = Journal(root, definitions, day)
        # Last, for it may be a wait for another process, in which the rest was done.
        measured = measure(definitions, root)
        seen = Seen(
            before | look_at_targets(root, definitions),
            measured.sights or look_at_measurements(root, definitions),
            typed={},  # seen when they are read
            records={},  # the journal knows
        )
        return cls(root, definitions, measured, journal, problems, day, seen, known_at)

    def _refresh_figures(self) -> None:
        self._seen = self._seen._replace(typed=look_at_typed(self.root))
        self.measured = with_typed(self._from_sources, self.definitions, self.root, self.known_at)
        self.figures = Figures(
            self.definitions,
            self.measured,
            self.as_of,
            targets=self.journal.targets(),
            phases=self.journal.phases(),
        )
        self._open_actions = self.journal.open_actions()
        self._reviewed = Reviewed(self.journal.records, self.definitions.calendar)

    # Files that change

    @property
    def seen(self) -> Seen:
        """What the files were when they were read."""
        return self._seen._replace(records=dict(self.journal.seen))

    def look(self) -> Seen:
        """What they are now."""
        return look(self.root, self.definitions)

    def reload_records(self) -> None:
        """Read the review files again, and what was typed."""
        self.journal.reload()
        self.records_changed()

    def records_changed(self) -> None:
        """Take what was recorded or typed into account: decided targets and phases change figures, too."""
        self._refresh_figures()

    @property
    def name(self) -> str:
        return self.definitions.name

    @property
    def problems(self) -> list[Problem]:
        """Everything wrong with definitions, measurements and records."""
        today = date.today()  # noqa: DTZ011 - as for the as-of date
        ahead = far_ahead(self.definitions, self.measured, self.as_of, today)
        return [*self._problems, *self.measured.problems, *ahead, *self.journal.problems]

    # Periods

    @property
    def usual_grain(self) -> Grain:
        """What the scorecard opens with: months where there is a monthly review, else the finest one held."""
        held = [cadence.grain for cadence in self.definitions.cadences]
        return Grain.MONTH if not held or Grain.MONTH in held else held[0]

    def last_ended(self, grain: Grain) -> Period:
        return self.definitions.calendar.last_ended(grain, self.as_of)

    def period(self, text: str) -> Period:
        """The period that an id names; KpituiError where it names none."""
        period = self.definitions.calendar.parse(text)
        if period is not None and not FIRST_YEAR <= period.start.year <= LAST_YEAR:
            raise KpituiError(f"{text} is not between {FIRST_YEAR} and {LAST_YEAR}")
        if period is None:
            longer = "2026-Q4 or 2026" if self.definitions.calendar.fiscal_year_start == 1 else "FY2026-Q4 or FY2026"
            raise KpituiError(f"{text!r} is not a period; write 2026-10, 2026-W44, 2026-10-31, {longer}")
        return period

    def kpi(self, kpi_id: str) -> Kpi:
        """The KPI of that id; KpituiError, with the nearest ids, where there is none."""
        kpi = self.definitions.kpis.get(kpi_id)
        if kpi is not None:
            return kpi
        from difflib import get_close_matches

        near = get_close_matches(kpi_id, self.definitions.kpis, n=3)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise KpituiError(f"there is no KPI {kpi_id!r}{hint}")

    # Answers

    def scorecard(self, period: Period | None = None, grain: Grain | None = None) -> Scorecard:
        """Every KPI for the period; by default the last one of the grain that has ended by the as-of date."""
        grain = period.grain if period else grain if grain is not None else self.usual_grain
        period = period or self.last_ended(grain)
        return Scorecard(
            workspace=self.name,
            as_of=self.as_of,
            known_at=self.known_at,
            grain=grain,
            period=period,
            problems=total(self.problems),
            rows=tuple(self.row(kpi, period) for kpi in self.definitions.kpis.values()),
        )

    def row(self, kpi: Kpi, period: Period) -> Row:
        """The KPI's row on the scorecard of that period."""
        shown = self.own_period(kpi, period)
        figures = self.figures
        point = figures.point(kpi, shown)
        chart = figures.chart(kpi, shown.grain)
        spoiled = figures.spoiled(kpi)
        actions = self._open_actions.get(kpi.id, ())
        seen = self._reviewed.newest(kpi, shown)
        return Row(
            kpi=kpi,
            point=point,
            coarser=shown.grain > period.grain,
            group=status.group(point.status, point.variation, kpi.tier),
            quarter_goal=figures.quarter_goal(kpi, shown),
            year_goal=figures.year_goal(kpi, shown),
            year_goal_per=figures.year_goal_per(kpi, shown),
            chart=chart.chart,
            changed_since=_changed_since(chart, point),
            spark=figures.spark(kpi, shown, SPARK),
            stale_since=figures.stale_since(kpi, min(shown.end, self.as_of)),
            spoiled=spoiled,
            manual=manual.is_manual(self.definitions, kpi),
            restated=restated(seen, point) if seen and not spoiled else None,
            redefined=redefined(seen, kpi) if seen else None,
            notes=self.journal.notes_in(kpi.id, shown),
            open_actions=len(actions),
            overdue_actions=sum(action.overdue(self.as_of) for action in actions),
            missing_components=self._missing(kpi),
        )

    def own_period(self, kpi: Kpi, period: Period) -> Period:
        """The period itself, or the KPI's own latest one where it has no figures so fine."""
        return own_period(self.definitions.calendar, kpi, period, self.as_of)

    def _missing(self, kpi: Kpi) -> tuple[Component, ...]:
        decided = bool(self.journal.state.targets.get(kpi.id))
        return tuple(part for part in kpi.missing_components if not (part == "target" and decided))

    def trend(self, kpi: Kpi, grain: Grain, last: int) -> Trend:
        """The KPI's last periods up to and including the one that holds the as-of date."""
        now = self.definitions.calendar.period(grain, self.as_of)
        return Trend(
            kpi=kpi,
            grain=grain,
            points=tuple(self.figures.points(kpi, now, last)),
            to_date={g: self.figures.to_date(kpi, g) for g in (Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)},
            chart=self.figures.chart(kpi, grain),
            remarks=self.figures.remarks(kpi, grain),
        )

    def finest_grain(self, kpi: Kpi) -> Grain:
        """The finest grain at which the KPI has figures worth judging."""
        return finest_grain(kpi)

    def inputs(self, kpi: Kpi, period: Period) -> list[tuple[str, str]]:
        """The names of a formula's inputs with their values in the period, as text."""
        found = []
        for input_id, value in self.figures.inputs(kpi, period):
            other = self.definitions.kpis.get(input_id)
            style = (
                Style.of(other, self.definitions.locale)
                if other
                else Style("number", None, None, self.definitions.locale)
            )
            name = other.name if other else self.definitions.measures[input_id].name
            found.append((name, style.value(value, exact=True)))
        return found

    # Writing

    def record(
        self,
        kind: str,
        row: Row,
        text: str,
        *,
        review: str | None = None,
        by: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Saved:
        """Write a note, cause, decision or action on a row's KPI and period; KpituiError where that fails."""
        point = row.point
        chart = None
        if point.signal is not None:
            chart = f"{point.signal.rule} {point.signal.side}"
        elif point.variation is not None:
            chart = "usual variation"
        return self.journal.add(
            kind,
            row.kpi,
            text,
            period=point.period.id,
            comment=record_comment(row, self.definitions.locale),
            chart=chart,
            review=review,
            by=by,
            values=values,
        )

    def origin(self, kpi: Kpi) -> str:
        """Where figures come from that are not typed in."""
        measures = (self.definitions.measures[measure] for measure in self.figures.measures_of(kpi.id))
        typed = [measure.id for measure in measures if measure.source == MANUAL]
        how = f"; {', '.join(typed)} typed in by kpitui measure" if typed else ""
        return manual.origin(self.definitions, kpi) + how

    def period_to_type(self, kpi: Kpi, shown: Period) -> Period:
        """The period of the KPI's own frequency that a value is typed for where `shown` is on screen."""
        return manual.period_to_type(self.definitions.calendar, frequency(self.definitions, kpi.id), shown, self.as_of)

    def typed(self, kpi: Kpi, period: Period) -> Typed | None:
        """What was typed last for the period, as it is on disk."""
        return manual.current(self.definitions, kpi, period, self.root)

    def value_echo(self, kpi: Kpi, period: Period, text: str) -> str:
        """What a typed figure will become, and what it replaces; KpituiError where it cannot be saved."""
        self._check_that_it_would_show()
        figure = understand(text, kpi, self.definitions.locale)
        manual.checked_period(self.definitions, kpi, period, self.as_of)
        return manual.becomes(self.definitions, kpi, period, figure, self.typed(kpi, period))

    def save_value(self, kpi: Kpi, period: Period, text: str) -> SavedValue:
        """Append a typed figure to the KPI's file; KpituiError where that fails."""
        self._check_that_it_would_show()
        figure = understand(text, kpi, self.definitions.locale)
        manual.checked_period(self.definitions, kpi, period, self.as_of)
        return manual.append(self.root, self.definitions, kpi, period, figure, author(self.root))

    def _check_that_it_would_show(self) -> None:
        if self.known_at is not None:
            raise KpituiError(
                f"the figures are as they were known at {self.known_at}, and a value typed now would not be among "
                "them: open the workspace without --known-at"
            )

    def follow_up(self, action_id: str, status: ActionStatus, text: str = "") -> Saved:
        """Write down that an action is in that state now, and what there is to say of it."""
        return self.journal.follow_up(action_id, status=status, text=text)

    def keep_action(self, action_id: str, text: str) -> Saved:
        """Write down that an action stays open, with the day that the text begins with."""
        return self.journal.keep(action_id, text)

    def change(self, record_id: str, values: Mapping[str, str], *, base: Record | None = None) -> Saved:
        """Write what a form changed of a record, which showed it as `base`."""
        return self.journal.change(record_id, values, base=base)


def _changed_since(chart: KpiChart, point: Point) -> Period | None:
    """The first period of the unbroken run of signals on the point's side that ends with the point."""
    if point.signal is None:
        return None
    since = point.period
    for period, signal in zip(reversed(chart.periods), reversed(chart.chart.signals), strict=True):
        if period.start > point.period.start:
            continue
        if signal is None or signal.side != point.signal.side:
            break
        since = period
    return since


def _nothing_to_show(root: Path, problems: list[Problem]) -> KpituiError:
    if not problems:
        return KpituiError(f"{root} defines no KPI yet: write one as [kpi.some_id] in kpitui.toml or kpis/*.toml")
    told = "\n".join(f"  {problem}" for problem in problems[:20])
    more = f"\n  and {len(problems) - 20} more" if len(problems) > 20 else ""
    return NothingToShowError(f"{root} defines no KPI that can be shown:\n{told}{more}", str(problems[0]))
