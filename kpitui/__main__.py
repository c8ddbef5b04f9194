"""`python -m kpitui` and the console script `kpitui`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the program with the process's arguments; never returns."""
    if sys.argv[1:] == ["--version"]:
        from kpitui import __version__

        print(f"kpitui {__version__}")
        sys.exit(0)
    from kpitui.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
