"""How a review session goes: its steps and their minutes, what is on the table in each, and what is still to be said.

Pure functions over frozen values. `workspace/session.py` fills them from a workspace, and writes.
"""
