"""Where the files that come with the program lie: the demo workspaces, the themes, the pages of the documentation.

In a checkout they stand at its top level; a wheel carries them inside the package.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder `data`, `themes` or `docs`, installed or in a checkout.

    Raises FileNotFoundError where the installation lacks it.
    """
    for place in (_PACKAGE / "_shipped" / folder, _PACKAGE.parent / folder):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"this installation of kpitui has no folder {folder!r}: install it again")
