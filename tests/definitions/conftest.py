"""Workspaces of a few lines, opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kpitui.definitions.load import load
from kpitui.definitions.model import Definitions
from kpitui.problems import Problem

Opened = tuple[Definitions, list[Problem]]
Open = Callable[..., Opened]

CRM = """\
[source.crm]
files = "measurements/crm.csv"
date = "date"
frequency = "daily"

[measure.sqls]
source = "crm"
column = "sqls"
aggregate = "sum"

[measure.mqls]
source = "crm"
column = "mqls"
aggregate = "sum"

"""
"""15 lines: a source and two measures, for formulas to stand on."""


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Writes kpitui.toml, and other files by name, and loads the folder."""

    def write_and_load(settings: str, **files: str) -> Opened:
        (tmp_path / "kpitui.toml").write_text(settings, encoding="utf-8")
        for name, text in files.items():
            file, _, ending = name.rpartition("_")
            path = tmp_path / ("kpis" if ending == "toml" else "") / f"{file}.{ending}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(tmp_path)

    return write_and_load


@pytest.fixture
def with_crm(opened: Open) -> Open:
    """The same, behind the 15 lines of a source and two measures."""
    return lambda settings, **files: opened(CRM + settings, **files)
