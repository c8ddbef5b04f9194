"""Which rows of a scorecard a filter lets through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kpitui.definitions.filters import CLOSED, KEYS, Filter, Remark, Term, folded, parse_filter
from kpitui.definitions.model import Definitions, Kpi
from kpitui.workspace.answers import Row
from kpitui.workspace.sorting import objective, team
from kpitui.workspace.wording import RULE_WORD, better_or_worse


class Finder:
    """Answers filters over the KPIs of a workspace; their texts are put together once."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._texts: dict[str | None, dict[str, str]] = {}

    def find(self, rows: Sequence[Row], text: str) -> tuple[Sequence[Row], tuple[Remark, ...]]:
        """The rows that all of the filter holds for, and what of it could not be understood."""
        found = parse_filter(text)
        kept = self._kept(rows, found.terms)
        if not kept and (shorter := _without_unfinished(found, text)) is not None:
            kept = self._kept(rows, shorter)
        return kept, found.remarks

    def _kept(self, rows: Sequence[Row], terms: Sequence[Term]) -> Sequence[Row]:
        for term in terms:
            if term.key in CLOSED:
                of_row = _OF_ROW[term.key]
                rows = [row for row in rows if any(folded(word).startswith(term.words) for word in of_row(row))]
            else:
                texts = self._texts_of(rows, term.key)
                rows = [row for row in rows if any(word in texts[row.kpi.id] for word in term.words)]
        return rows

    def _texts_of(self, rows: Sequence[Row], key: str | None) -> Mapping[str, str]:
        """What an open key looks in, and a word without a key (None), by the ids of KPIs."""
        known = self._texts.setdefault(key, {})
        for row in rows:
            if row.kpi.id not in known:
                known[row.kpi.id] = folded(self._anywhere(row) if key is None else _TEXT[key](row, self._definitions))
        return known

    def _anywhere(self, row: Row) -> str:
        return "\n".join((*(text(row, self._definitions) for text in _TEXT.values()), *_tags(row.kpi)))


def _both(id_: str | None, name: str | None) -> str:
    return f"{id_}\n{name}" if id_ else ""


def _tags(kpi: Kpi) -> list[str]:
    return [tag for tag in (kpi.tier, kpi.kind, kpi.type, kpi.level, kpi.perspective) if tag]


def _without_unfinished(found: Filter, text: str) -> list[Term] | None:
    """The terms without the last word, where that may be the beginning of a key that is being typed."""
    if not found.terms or text != text.rstrip():
        return None
    last = found.terms[-1]
    unfinished = last.key is None and any(key.startswith(last.words[0]) for key in KEYS)
    return list(found.terms[:-1]) if unfinished else None


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _signal(row: Row) -> tuple[str, ...]:
    point = row.point
    if point.signal is None:
        return ("usual",) if point.variation is not None else ()
    rule = point.signal.rule
    return ("any", "changed", better_or_worse(point.variation), point.signal.side, rule, RULE_WORD[rule])


def _marks(row: Row) -> tuple[str, ...]:
    """What is said of the row beside its figures, as `is:` asks for it."""
    point = row.point
    said = {
        "stale": row.stale_since is not None,
        "incomplete": point.value is not None and not point.complete,
        "restated": row.restated is not None,
        "manual": row.manual,
        "provisional": point.phase is not None and point.phase.lower is not None and point.phase.provisional,
        "noted": row.notes > 0,
        "open": row.open_actions > 0,
        "overdue": row.overdue_actions > 0,
    }
    return tuple(mark for mark, holds in said.items() if holds)


_TEXT: dict[str, Callable[[Row, Definitions], str]] = {
    "name": lambda row, _: row.kpi.name,
    "id": lambda row, _: row.kpi.id,
    "owner": lambda row, definitions: _both(row.kpi.owner, definitions.who(row.kpi.owner)),
    "team": lambda row, definitions: team(row, definitions) or "",
    "objective": lambda row, definitions: _both(row.kpi.objective, objective(row, definitions)),
    "stage": lambda row, _: row.kpi.stage or "",
    "initiative": lambda row, _: row.kpi.initiative or "",
}
"""What the open keys look in."""
_OF_ROW: dict[str, Callable[[Row], tuple[str, ...]]] = {
    "status": lambda row: (row.point.status,),
    "signal": _signal,
    "group": lambda row: (row.group,),
    "is": _marks,
    "lacks": lambda row: row.missing_components,
    "tier": lambda row: _one(row.kpi.tier),
    "kind": lambda row: _one(row.kpi.kind),
    "type": lambda row: _one(row.kpi.type),
    "level": lambda row: _one(row.kpi.level),
    "perspective": lambda row: _one(row.kpi.perspective),
}
"""What the closed keys look in."""
