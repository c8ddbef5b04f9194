"""KPIs that are open on a screen and have no sound definition any more: why, where to mend it, what can be written.

A definition is lost while the program runs, by a slip in an editor, a file that is renamed, a branch that is changed.
What was said of the KPI stays, for records know it by its id alone; what rests on its figures has to wait.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import Period
from kpitui.places import SETTINGS_FILE
from kpitui.problems import KpituiError, Problem

WITHOUT_FIGURES = ("note", "cause", "action", "decision")
"""What can be recorded of a KPI whether its figures are known or not."""

if TYPE_CHECKING:
    from kpitui.records.store import Saved
    from kpitui.workspace.opening import Workspace


class Lost(NamedTuple):
    """A KPI without a definition."""

    kpi: Kpi
    """As it was when it was defined last; where that is not known, its id and its name alone."""
    title: str
    """In a few words: `its definition cannot be read`."""
    place: str
    """Where to look, and what is wrong there: `kpis/sales.toml:12: kpi.leads.formula: …`."""
    cure: str
    """What to do."""
    file: str | None
    """What to open in an editor; None where there is no such file."""
    line: int

    @property
    def said(self) -> str:
        """What became of it."""
        return f"{self.kpi.name}: {self.title}: {self.place}"

    @property
    def sentence(self) -> str:
        """The same, and what to do on its own screen."""
        return f"{self.said}; {self.cure}."


def lost(workspace: Workspace, kpi_id: str, before: Kpi | None = None) -> Lost | None:
    """What became of a KPI that the workspace does not define; None where it does, or there never was such a KPI.

    `before` is the KPI as an earlier reading knew it.
    """
    definitions = workspace.definitions
    if kpi_id in definitions.kpis:
        return None
    if before is None and kpi_id not in definitions.broken and not workspace.journal.entries(kpi_id):
        return None
    kpi = before or Kpi(kpi_id, definitions.broken.get(kpi_id, kpi_id), SETTINGS_FILE, 1)
    behind = next((problem for problem in workspace.problems if kpi_id in problem.holds_up), None)
    if behind is not None:
        return _broken(kpi, "what it is made of cannot be read", behind)
    own = next((problem for problem in workspace.problems if _is_of(problem, kpi_id)), None)
    if own is not None:
        return _broken(kpi, "its definition cannot be read", own)
    if kpi_id in definitions.broken:
        return Lost(kpi, "it has no figures", "its definition has problems", "! lists them", kpi.file, kpi.line)
    unread = [problem for problem in workspace.problems if problem.file in definitions.unread]
    files = [problem for problem in unread if before is None or problem.file == before.file]
    if files:
        return _broken(kpi, "its definition cannot be read", files[0])
    if before is None:
        return Lost(kpi, "nothing defines it", f"no file has a [kpi.{kpi_id}]", "! lists what is wrong", None, 1)
    renamed = next((other for other in definitions.kpis.values() if other.name == before.name), None)
    if renamed is not None:
        place = f"{renamed.file}:{renamed.line} has it as `{renamed.id}`"
        cure = f"what is written here stays with `{kpi_id}`, E opens it"
        return Lost(kpi, "it has another id", place, cure, renamed.file, renamed.line)
    if not (Path(workspace.root) / before.file).exists():
        return Lost(kpi, "its file is gone", before.file, "put it back, or go on with J", None, 1)
    return Lost(kpi, "it is not defined any more", before.file, "E opens it", before.file, 1)


def _is_of(problem: Problem, kpi_id: str) -> bool:
    return f"{problem.key}.".startswith(f"kpi.{kpi_id}.")


def _broken(kpi: Kpi, title: str, problem: Problem) -> Lost:
    place = ": ".join(part for part in (problem.place, problem.message) if part)
    return Lost(kpi, title, place, "E opens it", problem.file, problem.line or 1)


def record(workspace: Workspace, gone: Lost, kind: str, text: str, period: Period) -> Saved:
    """Write down what does not rest on figures; KpituiError where it does, or cannot be written."""
    if kind not in WITHOUT_FIGURES:
        raise KpituiError(f"{gone.said}; the text is kept.")
    comment = f"{gone.kpi.name} · without figures, {gone.title}"
    return workspace.journal.add(kind, gone.kpi, text, period=period.id, comment=comment)
