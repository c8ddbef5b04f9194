"""Private remarks: one's own words on a KPI, for a review. They are kept in the user's state folder, never in the
workspace, and so never in git; no command and no report prints them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kpitui.problems import KpituiError
from kpitui.workspace.state_folder import keep, state_folder


class PrivateRemarks:
    """Texts by review and KPI; each change is on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        self.path = state_folder(root) / "private.json"

    def get(self, review_id: str, kpi_id: str) -> str:
        """The remark; empty where there is none. Raises KpituiError where the file cannot be read."""
        return self._read().get(f"{review_id} {kpi_id}", "")

    def put(self, review_id: str, kpi_id: str, text: str) -> None:
        """Keep a remark; an empty one is forgotten. Raises KpituiError where that fails: nothing is overwritten."""
        remarks = self._read()
        if text.strip():
            remarks[f"{review_id} {kpi_id}"] = text
        else:
            remarks.pop(f"{review_id} {kpi_id}", None)
        try:
            keep(self.path, msgspec.json.encode(remarks))
        except OSError as error:
            raise KpituiError(f"{self.path} was not written: {error.strerror}") from error

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise KpituiError(f"{self.path} cannot be read: {error.strerror}") from error
        except msgspec.DecodeError as error:
            raise KpituiError(f"{self.path} is damaged: {error}. Mend it, or move it away.") from error
