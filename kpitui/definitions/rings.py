"""What names what: an order in which everything comes after what it names, and the rings that have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def ordered(names: Mapping[str, Iterable[str]]) -> tuple[list[str], list[list[str]]]:
    """All ids, each after those that it names, and the rings of ids that name each other.

    Where ids form a ring, one of its members comes before what it names. Ids that are named without being
    listed are passed over. A walk in depth, with a stack of its own: chains may be long.
    """
    order: list[str] = []
    rings: list[list[str]] = []
    done: set[str] = set()
    for start in names:
        if start in done:
            continue
        path: dict[str, Iterator[str]] = {start: iter(names[start])}
        while path:
            node = next(reversed(path))
            for named in path[node]:
                if named in path:
                    ids = list(path)
                    rings.append(ids[ids.index(named) :])
                elif named in names and named not in done:
                    path[named] = iter(names[named])
                    break
            else:
                del path[node]
                done.add(node)
                order.append(node)
    return order, rings


def shown(ring: list[str]) -> str:
    """A ring as people read it: `a → b → a`."""
    members = ring if len(ring) <= 8 else [*ring[:7], "…"]
    return " → ".join((*members, ring[0]))
