from __future__ import annotations

import pytest

from kpitui.definitions.pairs import unpaired

from .conftest import Open

CALLS = "[kpi.calls]\nformula = 'sqls'\ntype = 'volume'\n"


def test_an_activity_needs_the_kpi_that_shows_when_it_is_gamed(with_crm: Open) -> None:
    [said] = unpaired(with_crm(CALLS)[0].kpis.values())
    assert (said.rule, said.kpis, said.problem.key, said.problem.line) == ("pair", ("calls",), "kpi.calls.pair", 16)


@pytest.mark.parametrize("more", ["kind = 'lagging'", "tier = 'diagnostic'", "pair = 'quality'"])
def test_an_outcome_or_a_diagnostic_one_or_one_with_a_pair_does_not(with_crm: Open, more: str) -> None:
    definitions, problems = with_crm(f"{CALLS}{more}\n[kpi.quality]\nformula = 'sqls / mqls'\ntype = 'quality'\n")
    assert problems == []
    assert unpaired(definitions.kpis.values()) == []
