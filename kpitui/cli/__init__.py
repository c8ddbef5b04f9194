"""The command line: a file per noun, of which a call imports the one of its command.

Exit status: 0 done (problems in part of the data are told on standard error), 1 the answer is "no", 2 the call or
the workspace cannot be used.
"""

from kpitui.cli.main import run

__all__ = ["run"]
