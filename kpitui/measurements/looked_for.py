"""What definitions look for in a source's rows, keys and texts of `where`, and what of it no row has."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from kpitui.measurements.findings import Findings, did_you_mean, quoted
from kpitui.measurements.needs import Needs
from kpitui.measurements.rows import text
from kpitui.measurements.values import Ending
from kpitui.problems import Problem

_LISTED = 500
"""Texts of a column of `where` that are kept for the hint."""


class LookedFor:
    """The keys and the texts that were found so far."""

    def __init__(self, needs: Needs, kpis: Collection[str], findings: Findings) -> None:
        """`kpis`: ids of those measures that are KPIs as well."""
        self.absent: dict[str, str] = {}
        """Measure id → what of its definition is in no row."""
        self._needs = needs
        self._kpis = kpis
        self._findings = findings
        self._keys: set[str] = set()
        """Long layout: the keys that are there."""
        self._texts: dict[str, set[str]] = {column: set() for column in needs.texts}
        """Of the columns of `where`: texts that are there."""

    @property
    def keys(self) -> list[str]:
        """The keys that are there."""
        return sorted(self._keys)

    @property
    def texts(self) -> dict[str, list[str]]:
        """The texts that are there, by column."""
        return {column: sorted(found) for column, found in self._texts.items()}

    def go_on(self, ending: Ending) -> None:
        """Begin with what was found before the source grew."""
        self._keys = set(ending.keys)
        self._texts = {column: set(texts) for column, texts in ending.texts.items()}

    def with_known_keys(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of a long file that are for some measure."""
        column = self._needs.key_column
        present = set(rows[f"text {column}"].unique().to_list())
        self._keys |= present
        wanted = self._needs.keys
        return rows if present.issubset(wanted) else rows.filter(text(column).is_in(wanted))

    def note_texts(self, rows: pl.DataFrame) -> None:
        """Note which of the texts that are looked for are there, and some others."""
        for column, wanted in self._needs.texts.items():
            known = self._texts[column]
            if wanted <= known:
                continue
            here = rows[f"text {column}"].unique().sort()
            known.update(here.filter(here.is_in(sorted(wanted))).to_list())
            known.update(here.head(max(0, _LISTED - len(known))).to_list())

    def report_absent_keys(self, file: str, spoiled: Mapping[str, str]) -> None:
        """Report measures that no row of a long file is for."""
        for measure in self._needs.measures:
            if measure.key not in self._keys and measure.id not in spoiled:
                key = measure.key or ""
                message = f"no row has {quoted(key)} in the column {quoted(self._needs.key_column)}"
                hint = did_you_mean(key, self._keys)
                problem = Problem(file, message, key=f"{self._table(measure.id)}.{measure.id}.key", hint=hint)
                self._findings.add("keys", problem)
                self.absent[measure.id] = f"{file}: {message}"

    def report_absent_texts(self, file: str, spoiled: Mapping[str, str]) -> None:
        """Report texts of `where` that no row has; without any of a column's the measure has no figures."""
        for measure in self._needs.measures:
            for column, texts in measure.where if measure.id not in spoiled else ():
                missing = [written for written in texts if written not in self._texts[column]]
                messages = [f"no row has {quoted(column)} = {quoted(written)}" for written in missing]
                for written, message in zip(missing, messages, strict=True):
                    hint = did_you_mean(written, self._texts[column])
                    problem = Problem(file, message, key=f"{self._table(measure.id)}.{measure.id}.where", hint=hint)
                    self._findings.add("texts of `where`", problem)
                if len(missing) == len(texts):
                    self.absent.setdefault(measure.id, f"{file}: {messages[0]}")

    def _table(self, measure_id: str) -> str:
        """Of the definitions."""
        return "kpi" if measure_id in self._kpis else "measure"
