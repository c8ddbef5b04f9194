"""Reading segments: once for all who ask, and given up for another reading without a trace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from kpitui.measurements.values import Segmented
from kpitui.problems import KpituiError
from kpitui.shipped import shipped
from kpitui.ui import segments
from kpitui.ui.segments import Segments
from kpitui.workspace.opening import Workspace


class Reading:
    """Stands in for the process: it is over when it is let go, and fails when it is abandoned."""

    begun: list[Reading]

    def __init__(self, root: Path, column: str, measures: object, known_at: object = None) -> None:
        self.column = column
        self.over = Event()
        self.abandoned = False
        self.begun.append(self)

    def result(self) -> Segmented:
        self.over.wait(10)
        if self.abandoned:
            raise KpituiError("the segments could not be read: abandoned")
        return Segmented({}, 0)

    def abandon(self) -> None:
        self.abandoned = True
        self.over.set()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    Reading.begun = []
    monkeypatch.setattr(segments, "SegmentReading", Reading)
    return Reading.begun


@pytest.fixture(scope="module")
def demo() -> Workspace:
    return Workspace.open(shipped("data") / "demo")


def started(read: Callable[[], None] | None, begun: list[Reading], count: int) -> Thread:
    assert read is not None
    thread = Thread(target=read)
    thread.start()
    for _ in range(1000):
        if len(begun) >= count:
            break
        thread.join(0.01)
    return thread


def test_who_asks_for_the_same_waits_for_the_reading_that_is_under_way(demo: Workspace, begun: list[Reading]) -> None:
    kpi, store = demo.kpi("deal_size"), Segments()
    threads = [started(store.reader(demo, kpi, "region"), begun, 1) for _ in range(2)]
    assert store.found(demo, kpi, "region") is None
    begun[0].over.set()
    for thread in threads:
        thread.join(10)
    assert len(begun) == 1
    assert store.found(demo, kpi, "region") == Segmented({}, 0)
    assert store.reader(demo, kpi, "region") is None


def test_a_reading_that_is_given_up_for_another_is_no_failure(demo: Workspace, begun: list[Reading]) -> None:
    kpi, store = demo.kpi("deal_size"), Segments()
    first = started(store.reader(demo, kpi, "region"), begun, 1)
    second = started(store.reader(demo, kpi, "channel"), begun, 2)
    first.join(10)
    assert begun[0].abandoned
    assert store.found(demo, kpi, "region") is None
    begun[1].over.set()
    second.join(10)
    assert store.found(demo, kpi, "channel") == Segmented({}, 0)
    assert store.reader(demo, kpi, "region") is not None


def test_nothing_is_begun_after_the_end(demo: Workspace, begun: list[Reading]) -> None:
    kpi, store = demo.kpi("deal_size"), Segments()
    read = store.reader(demo, kpi, "region")
    store.end()
    assert read is not None
    read()
    assert begun == []
