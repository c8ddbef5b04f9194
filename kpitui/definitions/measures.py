"""Where figures come from: `[source.*]`, `[measure.*]`, and KPIs that are their own measure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal, get_args

from kpitui.definitions.model import MANUAL, Measure, Source
from kpitui.definitions.reader import Table, kind, shortened, suggestion
from kpitui.terms import Aggregate, Frequency

"""The source whose values are typed into the program."""

SOURCE_KEYS = (
    *("files", "date", "date_format", "layout", "measure", "value", "frequency", "due_after", "delimiter"),
    *("encoding", "decimal", "thousands", "missing", "segments", "recorded"),
)
HARMLESS_SOURCE_KEYS = {"due_after", "segments"}
"""A mistake in any other key could turn into wrong figures: the source is not used."""
MEASURE_KEYS = ("source", "column", "key", "aggregate", "where")

AGGREGATES: tuple[Aggregate, ...] = get_args(Aggregate)
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
Layout = Literal["wide", "long"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
DECIMALS = (".", ",")

_FORMATS = (".csv", ".csv.gz", ".parquet")
_OUTSIDE = re.compile(r"^[~/\\]|^[A-Za-z]:|://|(^|[/\\])\.\.([/\\]|$)|\$[A-Za-z{]|\x00")


def read_source(table: Table) -> Source | None:
    """A source, or None where something of it could make figures wrong."""
    layout = table.word("layout", LAYOUTS, "wide")
    source = Source(
        id=table.id,
        files=_files(table),
        date=_needed(table, "date", 'the column that says when: date = "date"'),
        frequency=table.word("frequency", FREQUENCIES, "daily"),
        date_format=table.text("date_format"),
        layout=layout,
        measure=table.text("measure"),
        value=table.text("value"),
        due_after=table.whole("due_after", None, least=0),
        delimiter=_character(table, "delimiter") or ",",
        encoding=_encoding(table),
        decimal=table.word("decimal", DECIMALS, "."),
        thousands=_character(table, "thousands"),
        missing=table.texts("missing", ("", "N/A", "-")),
        segments=table.texts("segments"),
        recorded=table.text("recorded"),
    )
    if "frequency" not in table.values:
        table.missing("frequency", f"how often a value is due, one of {', '.join(FREQUENCIES)}")
    if source.date_format and "%" not in source.date_format:
        table.problem(
            "date_format",
            f"`{shortened(source.date_format)}` is no date format",
            'such as "%d/%m/%Y", "%m/%d/%y"',
        )
    if source.thousands == source.decimal:
        table.problem("thousands", f"`{source.thousands}` separates the decimals too")
    _check_layout(table, source)
    if table.id == MANUAL:
        table.problem("files", "`manual` is the source of typed values", "give this one another id")
    return None if table.spoiled - HARMLESS_SOURCE_KEYS else source


def _check_layout(table: Table, source: Source) -> None:
    for key, example in (("measure", "metric"), ("value", "value")):
        if source.layout == "long" and key not in table.values:
            table.missing(key, f'layout "long" needs the column\'s name: {key} = "{example}"')
        elif source.layout == "wide" and key in table.values and "layout" not in table.spoiled:
            table.problem(key, f'`{key}` is for layout "long"', 'add layout = "long", or remove the key')


def _needed(table: Table, key: str, hint: str) -> str:
    text = table.text(key)
    if text is None and key not in table.spoiled:
        table.missing(key, hint)
    return text or ""


def _files(table: Table) -> tuple[str, ...]:
    files = table.texts("files")
    if not any(files) and "files" not in table.spoiled:
        table.missing("files", 'a path or a glob in this folder: files = "measurements/*.csv"')
    for file in files:
        if _OUTSIDE.search(file):
            table.problem("files", f"`{shortened(file)}` may lie outside the workspace", "a path relative to it")
        elif not file.endswith(_FORMATS):
            table.problem("files", f"`{shortened(file)}` is of no known format", f"one of {', '.join(_FORMATS)}")
    return files


def _character(table: Table, key: str) -> str | None:
    value = table.values.get(key)
    if isinstance(value, str) and (len(value) != 1 or value in '"\r\n\0'):
        table.problem(key, "expected one character")
        return None
    if value is not None and not isinstance(value, str):
        table.problem(key, f"expected one character, found {kind(value)}")
        return None
    return value


def _encoding(table: Table) -> str:
    encoding = table.text("encoding") or "utf-8"
    if encoding != "utf-8":
        import codecs

        try:
            codecs.lookup(encoding)
        except (LookupError, ValueError):
            table.problem("encoding", f"unknown encoding `{shortened(encoding)}`", 'such as "utf-8", "cp1252"')
    return encoding


def read_measure(table: Table, name: str, sources: dict[str, Source], declared: Collection[str]) -> Measure | None:
    """The measure that a table defines, or None where its figures would not be sure.

    `declared` are the ids of all sources, sound or not.
    """
    manual = table.values.get("source") == MANUAL
    source_id = table.text("source")
    source = sources.get(source_id or "")
    if source_id is None and "source" not in table.spoiled:
        table.missing("source", f"one of {', '.join((*declared, MANUAL))}")
    elif source_id in declared and source is None:
        table.problem("source", f"source `{source_id}` has problems of its own", rests_on=(f"source.{source_id}",))
    elif source_id is not None and source is None and not manual:
        known = (*declared, MANUAL)
        message, hint = f"unknown source `{shortened(source_id)}`", suggestion(source_id, known)
        table.problem("source", message, hint, rests_on=(f"source.{source_id}",))
    # One value is typed per period: any aggregate gives that, and a longer period shows its latest.
    aggregate = table.word("aggregate", AGGREGATES, "last" if manual else None)
    if aggregate is None and "aggregate" not in table.spoiled:
        table.missing("aggregate", f"one of {', '.join(AGGREGATES)}")
    column, key = _column_and_key(table, source, manual, aggregate)
    measure = Measure(
        id=table.id,
        name=name,
        source=source_id or "",
        aggregate=aggregate or "sum",
        column=column,
        key=key,
        where=_where(table),
    )
    return None if table.spoiled.intersection(MEASURE_KEYS) else measure


def _column_and_key(
    table: Table, source: Source | None, manual: bool, aggregate: Aggregate | None
) -> tuple[str | None, str | None]:
    """A wide source has a column per measure, a long one a key, typed values have neither."""
    column, key = table.text("column"), table.text("key")
    if manual:
        for name in ("column", "key", "where"):
            if name in table.values:
                table.problem(name, f"typed values have no {name}", f"remove `{name}`")
    elif source and source.layout == "long":
        if column not in (None, source.value):
            table.problem("column", f"source `{source.id}` is long: it has no columns", "use `key`")
        column = None
        if key is None and "key" not in table.spoiled:
            table.missing("key", f'which text in `{source.measure}` is meant: key = "{table.id}"')
    elif source:
        if key is not None:
            table.problem("key", f"source `{source.id}` is wide: it has no keys", "use `column`")
        if column is None and aggregate != "count" and "column" not in table.spoiled:
            table.missing("column", f'which column of `{source.id}` is measured: column = "{table.id}"')
    return column, key


def _where(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values = table.values.get("where", {})
    if not isinstance(values, dict):
        table.problem("where", f"expected a table, found {kind(values)}", 'where = { channel = ["paid"] }')
        return ()
    where = []
    for column, admitted in values.items():
        texts = admitted if isinstance(admitted, list) else [admitted]
        for text in texts:
            if not isinstance(text, str):
                table.problem(
                    "where",
                    f"`{shortened(column)}`: expected text, found {kind(text)}",
                    f'in quotes: "{text}"',
                )
        if not texts:
            table.problem("where", f"`{shortened(column)}` admits nothing", "name at least one text")
        where.append((column, tuple(str(text) for text in texts)))
    return tuple(where)
