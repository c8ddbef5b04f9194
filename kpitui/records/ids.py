"""Ids of records: `c-9m2x`, the table's first letter and four characters that nobody mistakes for others."""

from __future__ import annotations

from collections.abc import Container

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
"""Without 0 o, 1 i l, and u, which reads as v."""


def new_id(table: str, taken: Container[str]) -> str:
    """A random id for a record of that table which is not taken."""
    import secrets

    while True:
        record_id = f"{table[0]}-{''.join(secrets.choice(ALPHABET) for _ in range(4))}"
        if record_id not in taken:
            return record_id


def derived_id(table: str, content: str, taken: Container[str]) -> str:
    """An id that follows from the content: whoever merges the same two versions gives the same one."""
    import hashlib

    for attempt in range(1_000_000):
        digest = hashlib.sha256(f"{attempt}\n{content}".encode()).digest()
        record_id = f"{table[0]}-{''.join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:4])}"
        if record_id not in taken:
            return record_id
    raise AssertionError("a million records of one table")
