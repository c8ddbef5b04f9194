"""The command line: a short function per command, which imports what it needs when it runs.

Exit status: 0 done (problems in part of the data are told on standard error), 1 the answer is "no", 2 the call or
the workspace cannot be used.
"""

from kpitui.cli.main import run

__all__ = ["run"]
