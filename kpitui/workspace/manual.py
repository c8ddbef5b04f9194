"""Figures that are typed in: which KPIs take them, for which periods, and appending them to their files.

A file is only ever added to, so what others wrote in it stays byte for byte, and so does every value that was
corrected: the correction is a row of its own, with who and when.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from kpitui.definitions.model import MANUAL, Definitions, Kpi
from kpitui.measurements import manual
from kpitui.measurements.dates import FIRST_YEAR, LAST_YEAR
from kpitui.measurements.manual import Sheet, Typed
from kpitui.periods import Calendar, Grain, Period
from kpitui.printable import printable
from kpitui.problems import KpituiError
from kpitui.records import safe
from kpitui.terms import FREQUENCY_GRAIN, Frequency
from kpitui.workspace.numbers import NONE, Style, period_name, short_day
from kpitui.workspace.typed import Figure


class SavedValue(NamedTuple):
    """Where a typed value is on disk."""

    path: str
    line: int


def is_manual(definitions: Definitions, kpi: Kpi) -> bool:
    """Whether the KPI's own values are typed in."""
    measure = definitions.measures.get(kpi.id)
    return kpi.formula is None and measure is not None and measure.source == MANUAL


def origin(definitions: Definitions, kpi: Kpi) -> str:
    """Where the figures of a KPI come from that nobody types in, as a sentence without a full stop."""
    if kpi.formula is not None:
        return f"{kpi.name} is computed: {kpi.formula_text}"
    measure = definitions.measures[kpi.id]
    source = definitions.sources.get(measure.source)
    files = f", {', '.join(source.files)}" if source else ""
    return f"{kpi.name} comes from the source {measure.source}{files}"


def typed_kpi(definitions: Definitions, kpi_id: str) -> Kpi:
    """The manual KPI of that id, or a manual measure as if it were a plain one; KpituiError where it is neither."""
    measure = definitions.measures.get(kpi_id)
    kpi = definitions.kpis.get(kpi_id)
    if kpi is not None and not is_manual(definitions, kpi):
        raise KpituiError(f'{origin(definitions, kpi)}; a value is typed in where source = "manual"')
    if kpi is not None:
        return kpi
    if measure is not None and measure.source == MANUAL:
        return Kpi(id=measure.id, name=measure.name, file="", line=0, frequency="monthly", grain=Grain.MONTH)
    if measure is not None:
        raise KpituiError(f"{kpi_id} comes from the source {measure.source}; nobody types it in")
    if kpi_id in definitions.broken:
        raise KpituiError(f"{kpi_id} has problems of its own; kpitui check tells them")
    from difflib import get_close_matches

    typed = [measure.id for measure in definitions.measures.values() if measure.source == MANUAL]
    near = get_close_matches(kpi_id, typed, n=3) or typed[:5]
    hint = f"; values are typed in for {', '.join(near)}" if near else ""
    raise KpituiError(f"there is no KPI {printable(kpi_id)!r}{hint}")


# Periods


def typed_period(definitions: Definitions, kpi: Kpi, text: str, as_of: date) -> Period:
    """The period of the KPI's own frequency that the id names; KpituiError where there cannot be a value for it."""
    period = definitions.calendar.parse(text)
    frequency = manual.frequency(definitions, kpi.id)
    grain = FREQUENCY_GRAIN[frequency]
    example = definitions.calendar.period(grain, as_of).id
    if period is None:
        raise KpituiError(f"{printable(text)!r} is not a period; {kpi.name} takes a {grain.word}, such as {example}")
    if period.grain is not grain:
        raise KpituiError(
            f"{text} is a {period.grain.word}, but {kpi.name} has a value per {grain.word}; write such as {example}"
        )
    return checked_period(definitions, kpi, period, as_of)


def checked_period(definitions: Definitions, kpi: Kpi, period: Period, as_of: date) -> Period:
    """The period itself; KpituiError where it has not begun, or nobody owes a value for it."""
    if not FIRST_YEAR <= definitions.calendar.anchor(period).year <= LAST_YEAR:
        raise KpituiError(f"{period.id} is not between {FIRST_YEAR} and {LAST_YEAR}")
    if period.start > as_of:
        raise KpituiError(f"{period.id} has not begun by {as_of}, the day as of which this workspace is read")
    if manual.frequency(definitions, kpi.id) == "weekdays" and period.start.weekday() > 4:
        raise KpituiError(f"{period.id} is a {period.start:%A}; {kpi.name} has values from Monday to Friday")
    return period


def period_to_type(calendar: Calendar, frequency: Frequency, shown: Period, as_of: date) -> Period:
    """The period of the frequency that somebody means who looks at `shown`: the last one in it that is over.

    Where none in it is over yet, the one that is under way; where the frequency is coarser, the last one over.
    """
    grain = FREQUENCY_GRAIN[frequency]
    unit = calendar.period(grain, shown.end)
    if calendar.anchor(unit) > shown.end or (grain > shown.grain and unit.end > shown.end):
        unit = calendar.shift(unit, -1)
    if unit.end > as_of:
        unit = calendar.last_ended(grain, as_of)
        if grain <= shown.grain and calendar.anchor(unit) < shown.start:
            unit = calendar.period(grain, min(shown.end, as_of))
    while frequency == "weekdays" and unit.start.weekday() > 4:
        unit = calendar.shift(unit, -1)
    return unit


# What it will become


def current(definitions: Definitions, kpi: Kpi, period: Period, root: Path) -> Typed | None:
    """What was typed last for the period, as it is on disk."""
    sheet = manual.read(definitions, kpi.id, root)
    return sheet.values.get(definitions.calendar.anchor(period).toordinal())


def becomes(definitions: Definitions, kpi: Kpi, period: Period, figure: Figure, before: Typed | None) -> str:
    """`22.0%`, and what that replaces: `22.0% instead of 21.0% (ops, 3 Nov)`; of a blank, what is taken back.

    KpituiError where there is nothing to take back.
    """
    style = Style.of(kpi, definitions.locale)
    stood = before is not None and before.value is not None
    if figure.value is None:
        if not stood:
            raise KpituiError(f"there is no value of {kpi.name} to take back for {period.id}")
        return f"takes back {_said(before, style, definitions)}"
    text = in_full(figure.value, style)
    return f"{text} instead of {_said(before, style, definitions)}" if stood else text


def _said(typed: Typed | None, style: Style, definitions: Definitions) -> str:
    if typed is None or typed.value is None:
        return NONE
    who = f"{definitions.who(typed.by)}, " if typed.by else ""
    return f"{in_full(typed.value, style)} ({printable(who)}{short_day(typed.at.date(), style.locale)})"


def in_full(value: float, style: Style) -> str:
    """The value with as many decimals as it has, and at least those that the KPI shows."""
    scaled = f"{value * 100 if style.unit == 'percent' else value:.10f}".rstrip("0")
    has = len(scaled.partition(".")[2])
    shown = style.value(value, exact=True)
    usual = style.decimals if style.decimals is not None else {"percent": 1, "days": 1, "hours": 1}.get(style.unit, 0)
    return style._replace(decimals=has).value(value, exact=True) if has > usual else shown


def understood(definitions: Definitions, kpi: Kpi, period: Period, figure: Figure, before: Typed | None) -> str:
    """`NPS · Oct 2026: 42 instead of 40 (head, 4 Nov)`."""
    said = becomes(definitions, kpi, period, figure, before)
    return f"{kpi.name} · {period_name(period, definitions.locale)}: {said}"


# Writing


def append(root: Path, definitions: Definitions, kpi: Kpi, period: Period, figure: Figure, by: str) -> SavedValue:
    """Add a row to the KPI's file; on disk when this returns. KpituiError where it could not be, and is not, added."""
    file = manual.file_of(kpi.id)
    try:
        path = manual.real_path(root, file)
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(file, error) from error
    with safe.locked(path, file):
        try:
            raw = manual.read_bytes(root, file)
        except FileNotFoundError:
            raw = b""
        except OSError as error:
            raise _not_written(file, error) from error
        dates = manual.dates(definitions, kpi.id)
        sheet = manual.parse(file, raw, dates)
        if sheet.unfit:
            raise KpituiError(f"{file} was not written: {sheet.unfit}. Nothing in it has changed; mend it first.")
        row = {
            "period": period.id,
            "value": figure.written,
            "by": " ".join(printable(by).split()),
            "at": _moment(sheet, definitions.calendar.anchor(period).toordinal()).isoformat(),
        }
        addition = manual.added(raw, sheet.columns, row)
        _check(file, manual.parse(file, raw + addition, dates), definitions.calendar, period, figure)
        _write(path, file, raw, addition)
        return SavedValue(file, len((raw + addition).splitlines()))


def _moment(sheet: Sheet, day: int) -> datetime:
    """Now; or when the period's last row was written, where another clock runs ahead: the lower line counts."""
    now = datetime.now().astimezone().replace(microsecond=0)
    latest = sheet.latest.get(day)
    return latest if latest is not None and latest > now else now


def _check(file: str, after: Sheet, calendar: Calendar, period: Period, figure: Figure) -> None:
    """Raises KpituiError unless the value would be read back as it was meant."""
    typed = after.values.get(calendar.anchor(period).toordinal())
    if after.spoiled is None and typed is not None and typed.value == figure.value:
        return
    blame = after.spoiled or next((str(problem) for problem in after.problems), "it would not read back as it should")
    raise KpituiError(f"{file} was not written: {blame}. Mend it with an editor, then save again.")


def _write(path: Path, file: str, raw: bytes, addition: bytes) -> None:
    """Append, and leave the file as it was where that fails half way."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        try:
            size = os.fstat(descriptor).st_size
            try:
                rest = memoryview(addition)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                safe.sync(descriptor)
            except OSError:
                os.ftruncate(descriptor, size)
                raise
        finally:
            os.close(descriptor)
        if not raw:
            safe.sync_folder(path.parent)
    except OSError as error:
        raise safe.not_written(file, error) from error


def _not_written(file: str, error: OSError) -> KpituiError:
    if error.errno is None:
        return KpituiError(f"{file} was not written: {error.strerror}.")
    return safe.not_written(file, error)
