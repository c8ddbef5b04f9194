from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpitui.definitions.locate import Keys, Locator

TEXT = """\
# [kpi.not_this] = comment
title = "a [kpi.nor_this] # text"
long = \"\"\"
[kpi.mqls]
name = "nor here"
\"\"\"
[kpi.mqls]
name = 'MQLs' # name = 2
target = [
  { from = 2026-01-01, value = 0.25 },   # = [ {
  { from = 2026-04-01, "value" = 1.5, reason = '''two
    lines''', path = "linear" },
]
chart.method = "nhs"
status = { ahead = 0.1, bands = "relative" }
nested = [[1, 2],
  [3, { deep = "x" }]]
  [ kpi . sqls ]
"na.me" = 1
"\\u0061bc" = 2
[[points]]
x = 1
[[points]]
x = 2
[points.inner]
y = 3
last = 1"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("title",), 2),
        (("kpi", "mqls"), 7),
        (("kpi", "mqls", "name"), 8),
        (("kpi", "mqls", "target"), 9),
        (("kpi", "mqls", "target", 0), 10),
        (("kpi", "mqls", "target", 1), 11),
        (("kpi", "mqls", "target", 1, "value"), 11),
        (("kpi", "mqls", "target", 1, "path"), 12),
        (("kpi", "mqls", "chart", "method"), 14),
        (("kpi", "mqls", "status", "bands"), 15),
        (("kpi", "mqls", "nested", 1, 1, "deep"), 17),
        (("kpi", "sqls"), 18),
        (("kpi", "sqls", "na.me"), 19),
        (("kpi", "sqls", "abc"), 20),
        (("points", 0, "x"), 22),
        (("points", 1), 23),
        (("points", 1, "x"), 24),
        (("points", 1, "inner", "y"), 26),
        (("points", 1, "inner", "last"), 27),
    ],
)
def test_the_line_of_a_key(keys: Keys, line: int) -> None:
    tomllib.loads(TEXT)  # it is TOML
    assert Locator(TEXT).line(keys) == line


def test_what_is_not_written_stands_where_its_table_does() -> None:
    assert Locator(TEXT).line(("kpi", "mqls", "owner")) == 7
    assert Locator(TEXT).line(("kpi", "mqls", "target", 0, "until")) == 10
    assert Locator(TEXT).line(("nothing", "of", "it")) is None


def test_windows_line_ends() -> None:
    assert Locator("a = 1\r\n[b]\r\nc = 2\r\n").line(("b", "c")) == 3


@given(st.text(alphabet="abc.=\"'[]{}, \n#1\\"))
def test_whatever_tomllib_reads_is_found(text: str) -> None:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    for key in tables:
        assert Locator(text).line((key,)) is not None
