"""What of a scorecard is shown: filters, groups, orders, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpitui.definitions.model import Definitions, View
from kpitui.ui.keymap import KeyMap
from kpitui.workspace.answers import Row
from kpitui.workspace.empty import why_no_figures, why_no_rows
from kpitui.workspace.filtering import Finder
from kpitui.workspace.grouping import groupings, in_groups
from kpitui.workspace.looks import Look, Looks, Viewer
from kpitui.workspace.opening import Workspace
from kpitui.workspace.sorting import Order, ordered

Open = Callable[..., Workspace]

KEY = KeyMap().shown
SETTINGS = """\
[workspace]
as_of = 2026-11-04
[person.ops]
name = "Field operations"
team = "Operations"
[objective.grow]
title = "Twice the revenue"
[source.shop]
files = "shop.csv"
date = "date"
frequency = "monthly"
"""
KPIS = """\
[kpi.revenue]
name = "Revenue"
source = "shop"
column = "revenue"
aggregate = "sum"
level = "kgi"
tier = "primary"
kind = "lagging"
objective = "grow"
target = [{ from = 2026-01-01, value = 200 }]
[kpi.orders]
name = "Orders"
source = "shop"
column = "orders"
aggregate = "sum"
owner = "ops"
parent = "revenue"
stage = "decision"
perspective = "customer"
target = [{ from = 2026-01-01, value = 10 }]
[kpi.visits]
name = "Web visits"
source = "shop"
column = "visits"
aggregate = "sum"
owner = "Ann"
parent = "orders"
stage = "awareness"
type = "volume"
[kpi.returns]
name = "Returns"
source = "shop"
column = "returns"
aggregate = "sum"
direction = "down"
initiative = "Packaging"
target = [{ from = 2026-01-01, value = 4 }]
"""
ROWS = "date,revenue,orders,visits,returns\n2026-10,100,10,500,\n"


@pytest.fixture
def workspace(opened: Open) -> Workspace:
    return opened(SETTINGS + KPIS, {"shop.csv": ROWS})


def ids(rows: object) -> list[str]:
    return [row.kpi.id for row in rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("retur", ["returns"]),
        ("REVENUE", ["revenue"]),
        ("visits web", ["visits"]),
        ("owner:ops", ["orders"]),
        ('owner:"field op"', ["orders"]),
        ("team:operations", ["orders"]),
        ("objective:twice", ["revenue"]),
        ("initiative:pack", ["returns"]),
        ("status:behind", ["revenue"]),
        ("status:behind,on_track", ["revenue", "orders"]),
        ("status:no", ["visits", "returns"]),
        ("group:change", ["revenue"]),
        ("signal:any", []),
        ("lacks:target", ["visits"]),
        ("level:kgi tier:primary", ["revenue"]),
        ("type:volume", ["visits"]),
        ("customer", ["orders"]),
        ("stage:decision,awareness", ["orders", "visits"]),
        ("nobody", []),
    ],
)
def test_a_filter_finds(workspace: Workspace, text: str, found: list[str]) -> None:
    rows, remarks = Finder(workspace.definitions).find(workspace.scorecard().rows, text)
    assert sorted(ids(rows)) == sorted(found)
    assert remarks == ()


def test_a_key_that_is_being_typed_hides_nothing(workspace: Workspace) -> None:
    finder, rows = Finder(workspace.definitions), workspace.scorecard().rows
    assert len(finder.find(rows, "initi")[0]) == 4
    assert ids(finder.find(rows, "revenue initi")[0]) == ["revenue"]
    assert ids(finder.find(rows, "initi ")[0]) == []


def test_orders(workspace: Workspace) -> None:
    rows, definitions = workspace.scorecard().rows, workspace.definitions
    assert ids(ordered(rows, Order("name"), definitions)) == ["orders", "returns", "revenue", "visits"]
    assert ids(ordered(rows, Order("name", reverse=True), definitions)) == ["visits", "revenue", "returns", "orders"]
    # Without a value last, whichever way it goes: returns has none, visits no target.
    assert ids(ordered(rows, Order("gap"), definitions))[:2] == ["revenue", "orders"]
    assert ids(ordered(rows, Order("gap", reverse=True), definitions))[:2] == ["orders", "revenue"]
    assert ids(ordered(rows, Order("actual", reverse=True), definitions)) == ["visits", "revenue", "orders", "returns"]


def test_only_groupings_that_are_in_use(workspace: Workspace) -> None:
    used = groupings(workspace.scorecard().rows, workspace.definitions)
    assert used == (
        *("decision", "perspective", "objective", "stage", "tier", "type", "owner", "team", "initiative", "tree"),
    )
    bare = [row for row in workspace.scorecard().rows if row.kpi.id == "returns"]
    assert groupings(bare, workspace.definitions) == ("decision", "initiative")


def test_the_tree_has_parts_under_what_they_are_parts_of(workspace: Workspace) -> None:
    rows, definitions = workspace.scorecard().rows, workspace.definitions
    tree, outside = in_groups(rows, "tree", definitions)
    assert (ids(tree.rows), tree.depths) == (["revenue", "orders", "visits"], (0, 1, 2))
    assert (outside.title, ids(outside.rows)) == ("OUTSIDE THE TREE", ["returns"])
    # A part whose parent is filtered out stands at the top.
    [alone] = in_groups([row for row in rows if row.kpi.id == "visits"], "tree", definitions)
    assert (ids(alone.rows), alone.depths) == (["visits"], (0,))


def test_funnel_stages_stand_as_they_are_defined_and_others_by_name(workspace: Workspace) -> None:
    rows, definitions = workspace.scorecard().rows, workspace.definitions
    assert [group.title for group in in_groups(rows, "stage", definitions)] == [
        *("DECISION", "AWARENESS", "WITHOUT A FUNNEL STAGE"),
    ]
    assert [group.title for group in in_groups(rows, "owner", definitions)] == [
        *("ANN", "FIELD OPERATIONS", "WITHOUT AN OWNER"),
    ]


def test_undo_goes_back_step_by_step_and_repeated_changes_are_one(workspace: Workspace) -> None:
    rows, definitions = workspace.scorecard().rows, workspace.definitions
    looks = Looks()
    assert not looks.undo()
    for text in ("o", "or", "ord"):
        looks.set_filter(text)
    looks.next_grouping(rows, definitions)
    looks.next_grouping(rows, definitions)
    looks.sort_by("gap")
    looks.reverse_order()
    looks.toggle_exceptions()
    assert looks.now == Look(None, "ord", "objective", Order("gap", reverse=True), exceptions_only=True)
    seen = []
    while looks.undo():
        seen.append(looks.now)
    assert seen == [
        Look(None, "ord", "objective", Order("gap", reverse=True)),
        Look(None, "ord", "objective"),
        Look(None, "ord"),
        Look(),
    ]


def test_there_and_back_again_leaves_nothing_to_undo() -> None:
    looks = Looks()
    looks.toggle_exceptions()
    looks.toggle_exceptions()
    assert not looks.undo()


def test_views_come_one_after_the_other_and_a_change_makes_them_no_view() -> None:
    definitions = Definitions(
        "x", views={"funnel": View("funnel", "tier:primary", "stage"), "ops": View("ops", "owner:ops")}
    )
    looks = Looks()
    looks.next_view(definitions)
    assert looks.now == Look("funnel", "tier:primary", "stage")
    looks.next_view(definitions)
    assert looks.now == Look("ops", "owner:ops", "decision")
    looks.set_filter("owner:o")
    assert looks.now == Look(None, "owner:o", "decision")
    assert looks.undo()
    assert looks.now.view == "ops"
    looks.next_view(definitions)
    assert looks.now == Look()


def test_an_empty_look_says_why_and_what_to_do(workspace: Workspace) -> None:
    scorecard, definitions = workspace.scorecard(), workspace.definitions

    def said(look: Look) -> str:
        return why_no_rows(scorecard, look, Viewer(definitions).shown(scorecard, look), definitions, KEY)

    assert said(Look()) == ""
    assert said(Look(filter="nobody")) == "No KPI matches nobody — / changes the filter, esc clears it."
    assert said(Look(filter="orders", exceptions_only=True)) == (
        "Nothing asks for talk in Oct 2026. x shows the KPI that is fine."
    )
    assert (
        said(Look("v", "nobody")) == "No KPI is in the view v now: nobody. V shows the next view, esc the one before."
    )


def test_where_measurements_end_is_said_with_the_source(workspace: Workspace) -> None:
    definitions = workspace.definitions
    assert why_no_figures(workspace.scorecard(), definitions, KEY) == ""
    before = workspace.period("2025-10")
    assert why_no_figures(workspace.scorecard(before), definitions, KEY).startswith(
        "No measurements for Oct 2025: , goes"
    )


def test_the_source_that_ends_is_named(opened: Open) -> None:
    ended = opened(SETTINGS + KPIS, {"shop.csv": "date,revenue,orders,visits,returns\n2026-05,100,10,500,3\n"})
    assert why_no_figures(ended.scorecard(), ended.definitions, KEY) == (
        "No measurements after 31 May: the source `shop` ends there. , goes one period back."
    )


def test_a_row_of_a_ring_is_shown_once(workspace: Workspace) -> None:
    """Definitions refuse rings; the tree would not hang on one."""
    import msgspec

    def under(row: Row, parent: str) -> Row:
        return msgspec.structs.replace(row, kpi=msgspec.structs.replace(row.kpi, parent=parent))

    rows = workspace.scorecard().rows
    ring = [under(rows[0], "orders"), under(rows[1], "revenue")]
    [tree] = in_groups(ring, "tree", workspace.definitions)
    assert sorted(ids(tree.rows)) == ["orders", "revenue"]
