"""Which rows of a scorecard a filter lets through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kpitui.definitions.filters import CLOSED, KEYS, Filter, Remark, Term, folded, parse_filter
from kpitui.definitions.model import Definitions, Kpi
from kpitui.workspace.answers import Row
from kpitui.workspace.sorting import objective, team
from kpitui.workspace.wording import RULE_WORD, better_or_worse


class Finder:
    """Answers filters over the KPIs of a workspace; their texts are made ready once."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._texts: dict[str, dict[str, str]] = {}

    def find(self, rows: Sequence[Row], text: str) -> tuple[Sequence[Row], tuple[Remark, ...]]:
        """The rows that all of the filter holds for, and what of it could not be understood."""
        found = parse_filter(text)
        kept = self._kept(rows, found.terms)
        if not kept and (shorter := _without_unfinished(found, text)) is not None:
            kept = self._kept(rows, shorter)
        return kept, found.remarks

    def _kept(self, rows: Sequence[Row], terms: Sequence[Term]) -> Sequence[Row]:
        if not terms:
            return rows
        return [row for row in rows if all(self._holds(term, row) for term in terms)]

    def _holds(self, term: Term, row: Row) -> bool:
        texts = self._texts.get(row.kpi.id) or self._make_texts(row)
        if term.key is None:
            return term.words[0] in texts["anywhere"]
        known = CLOSED.get(term.key)
        if known is None:
            return any(word in texts[term.key] for word in term.words)
        of_row = _OF_ROW[term.key](row)
        return any(folded(word).startswith(term.words) for word in of_row)

    def _make_texts(self, row: Row) -> dict[str, str]:
        kpi, definitions = row.kpi, self._definitions
        texts = {
            "name": kpi.name,
            "id": kpi.id,
            "owner": _both(kpi.owner, definitions.who(kpi.owner)),
            "team": team(row, definitions) or "",
            "objective": _both(kpi.objective, objective(row, definitions)),
            "stage": kpi.stage or "",
            "initiative": kpi.initiative or "",
        }
        texts = {key: folded(text) for key, text in texts.items()}
        texts["anywhere"] = "\n".join((*texts.values(), *(folded(tag) for tag in _tags(kpi))))
        self._texts[kpi.id] = texts
        return texts


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
