"""How somebody looks at a scorecard: view, filter, grouping, order, exceptions only; and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from kpitui.definitions.filters import Remark
from kpitui.definitions.model import Definitions
from kpitui.terms import Grouping
from kpitui.workspace.answers import Row, Scorecard
from kpitui.workspace.filtering import Finder
from kpitui.workspace.grouping import RowGroup, groupings, in_groups
from kpitui.workspace.sorting import Order, ordered

Kind = Literal["view", "filter", "group", "order", "exceptions"]
"""What a change was about: several of one kind in a row are taken back together."""


class Look(NamedTuple):
    """What of a scorecard is shown, and in which order."""

    view: str | None = None
    """The id of the saved view that it is."""
    filter: str = ""
    group: Grouping = "decision"
    order: Order = Order()
    exceptions_only: bool = False


class Shown(NamedTuple):
    """A scorecard as somebody looks at it."""

    groups: list[RowGroup]
    rows: Sequence[Row]
    """What the filter lets through, before exceptions are told apart."""
    hidden: int
    """Rows that are hidden because nothing in them asks for talk."""
    remarks: tuple[Remark, ...]


class Looks:
    """The look of a screen, and those before it."""

    def __init__(self) -> None:
        self.now = Look()
        self._before: list[tuple[Kind, Look]] = []

    def change(self, kind: Kind, look: Look) -> None:
        """Look in another way."""
        if look == self.now:
            return
        if not self._before or self._before[-1][0] != kind:
            self._before.append((kind, self.now))
        elif self._before[-1][1] == look:
            self._before.pop()  # there and back again
        self.now = look

    def undo(self) -> bool:
        """Take the newest change back; False where there is none."""
        if not self._before:
            return False
        _, self.now = self._before.pop()
        return True

    @property
    def changed(self) -> bool:
        return bool(self._before)

    # What the keys do

    def next_grouping(self, rows: Sequence[Row], definitions: Definitions) -> None:
        """The next of those that the workspace uses."""
        used = groupings(rows, definitions)
        at = used.index(self.now.group) if self.now.group in used else -1
        self.change("group", self.now._replace(view=None, group=used[(at + 1) % len(used)]))

    def next_view(self, definitions: Definitions) -> None:
        """The next saved view; after the last one all KPIs by decision."""
        ids = [None, *definitions.views]
        at = ids.index(self.now.view) if self.now.view in ids else 0
        chosen = ids[(at + 1) % len(ids)]
        if chosen is None:
            look = self.now._replace(view=None, filter="", group="decision")
        else:
            view = definitions.views[chosen]
            look = self.now._replace(view=chosen, filter=view.filter, group=view.group or "decision")
        self.change("view", look)

    def set_filter(self, text: str) -> None:
        if text != self.now.filter:
            self.change("filter", self.now._replace(view=None, filter=text))

    def toggle_exceptions(self) -> None:
        self.change("exceptions", self.now._replace(exceptions_only=not self.now.exceptions_only))

    def next_order(self, columns: Sequence[str]) -> None:
        """Sort by the next of these columns; after the last one by urgency."""
        by = [None, *columns]
        at = by.index(self.now.order.by) if self.now.order.by in by else 0
        self.change("order", self.now._replace(order=Order(by[(at + 1) % len(by)])))

    def sort_by(self, column: str) -> None:
        """Sort by this column; by its other end where that is done already."""
        if self.now.order.by == column:
            self.reverse_order()
        else:
            self.change("order", self.now._replace(order=Order(column)))

    def reverse_order(self) -> None:
        order = self.now.order
        self.change("order", self.now._replace(order=order._replace(reverse=not order.reverse)))


class Viewer:
    """Shows scorecards of one set of definitions; what does not change from letter to letter of a filter is kept."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self._finder = Finder(definitions)
        self._ordered: tuple[Sequence[Row], Order, tuple[Row, ...]] = ((), Order(), ())

    def shown(self, scorecard: Scorecard, look: Look) -> Shown:
        """The scorecard in groups, as the look has it."""
        rows: Sequence[Row] = self._in_order(scorecard.rows, look.order)
        remarks: tuple[Remark, ...] = ()
        if look.filter.strip():
            rows, remarks = self._finder.find(rows, look.filter)
        kept = [row for row in rows if row.group != "fine"] if look.exceptions_only else rows
        return Shown(in_groups(kept, look.group, self.definitions), rows, len(rows) - len(kept), remarks)

    def _in_order(self, rows: Sequence[Row], order: Order) -> tuple[Row, ...]:
        before, by, found = self._ordered
        if before is not rows or by != order:
            found = ordered(rows, order, self.definitions)
            self._ordered = rows, order, found
        return found
