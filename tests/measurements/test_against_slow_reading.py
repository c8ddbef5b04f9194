"""`read` against a reading so slow and plain that it can be checked by eye, on files damaged at random.

In CI the files are the same each time (Hypothesis' own profile for it); elsewhere each run makes others. What a run
finds becomes an entry of FOUND, and where the figures to be expected say more than "as the slow reading has it", a
case of test_aggregate.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from kpitui.measurements import chunks
from kpitui.measurements.aggregate import read
from kpitui.measurements.values import Measured
from tests.measurements.damage import SHAPES, Shape, damaged_files
from tests.measurements.strict_reading import Strict, read_strictly

EXAMPLES = 2000
NEAR = 1e-12
"""Of the size of what went into a figure: what adding floats may cost it."""
TINY = 1e-300
"""Below it floats hold fewer digits."""

FOUND = {
    "no column of recording times": ("revisions", b"date,channel,region,leads,cost\n2026-01-01,mail,EU,4,0.1\n"),
    "a segment's column lost, and rows that are of other segments": (
        "revisions",
        b"date,chanel,region,leads,cost,at\n2026-01-01,paid,EU,1,1,2026-02-01\n2026-01-01,mail,EU,1,1,2026-02-03\n",
    ),
    "two carriage returns at each line end": (
        "long weeks",
        b"date,,metric,channel,value\r\r\n2026-W01,leads,paid,1\r\r\n2026-W01,leads,paid,1\r\r\n",
    ),
    "a week by its name and by a day": (
        "long weeks",
        b"date,metric,channel,value\n2026-W02,cost,paid,1\n2026-01-05,cost,paid,1\n",
    ),
    "of two rows of a date one damaged": (
        "UTF-16",
        'date,channel,region,leads,cost\n2026-01-01,,EU,1,1\n2026-01-01,p"aid,EU,1,1\n'.encode("utf-16"),
    ),
    "a time that no clock shows": ("daily sums", b"date,channel,region,leads,cost\n2026-01-01T25:00,paid,EU,1,1\n"),
}
"""The shape, and the file."""


@pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])
def test_no_figure_differs_and_none_is_lost_in_silence(shape: Shape, tmp_path: Path) -> None:
    @settings(max_examples=EXAMPLES // len(SHAPES), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(damaged_files(shape))
    def compare(content: bytes) -> None:
        check(shape, content, tmp_path)

    compare()


@pytest.mark.parametrize(("name", "content"), FOUND.values(), ids=list(FOUND))
def test_a_file_that_was_read_wrongly_once(name: str, content: bytes, tmp_path: Path) -> None:
    [shape] = [shape for shape in SHAPES if shape.name == name]
    check(shape, content, tmp_path)


def check(shape: Shape, content: bytes, folder: Path) -> None:
    """That the file's figures, read at once and in parts, are those of the slow reading, or else problems."""
    (folder / shape.file).write_bytes(content)
    strict = read_strictly(content, shape.source, shape.measures, packed=shape.packed)
    compare_with(strict, read(shape.definitions, folder))
    with pytest.MonkeyPatch.context() as small:
        small.setattr(chunks, "LARGE", 0)
        small.setattr(chunks, "_FIRST", 12)
        small.setattr(chunks, "SIZE", 90)
        compare_with(strict, read(shape.definitions, folder))


def compare_with(strict: dict[str, Strict | None], measured: Measured) -> None:
    problems = [problem for problem in measured.problems if problem.level == "problem"]
    duplicates = [problem for problem in problems if problem.message.startswith("possible duplicates")]
    lines = {problem.line for problem in measured.problems}
    for id_, expected in strict.items():
        series = measured.series.get(id_)
        if series is None:
            assert problems, "a measure is gone, and nobody says so"
            continue
        assert expected is not None, f"{id_} has figures"
        unsaid = [row for row in expected.doubtful if lines.isdisjoint(row)]
        assert not unsaid, f"a value of {id_} is gone, and nobody says so"
        found = {date.fromordinal(day): series.value(day, day) for day in series.days}
        # Of two rows of which one is damaged there is no figure, and so nothing that might count twice.
        assert duplicates or expected.repeated.isdisjoint(found), f"{id_} counts two rows, and nobody says so"
        assert set(found) <= set(expected.figures), f"{id_} has figures of which a row cannot be read"
        for day, value in found.items():
            figure = expected.figures[day]
            assert value is not None
            assert abs(value - float(figure.value)) <= max(NEAR * float(figure.size), TINY)
        assert set(found) == set(expected.figures) or len(problems) > len(duplicates)
    if not any(expected is None or expected.repeated for expected in strict.values()):
        assert not duplicates
