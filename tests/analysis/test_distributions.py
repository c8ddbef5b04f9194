"""Quantiles and tails, against printed tables."""

from __future__ import annotations

import pytest

from kpitui.analysis.distributions import Z95, normal_p, t_between, t_quantile


@pytest.mark.parametrize(
    ("freedom", "t"),
    # 97.5 % quantiles of Student's t: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2
    [(1, 12.706), (2, 4.303), (3, 3.182), (8, 2.306), (11, 2.201), (30, 2.042), (100, 1.984)],
)
def test_students_t(freedom: int, t: float) -> None:
    assert t_quantile(freedom) == pytest.approx(t, abs=0.0005)
    assert t_between(t_quantile(freedom), freedom) == pytest.approx(0.95)


def test_many_degrees_of_freedom_are_nearly_normal() -> None:
    assert t_quantile(100_000) == pytest.approx(Z95, abs=0.0001)


def test_there_is_no_t_without_a_degree_of_freedom() -> None:
    with pytest.raises(ValueError, match="degree of freedom"):
        t_quantile(0)


def test_the_normals_tails() -> None:
    assert normal_p(0) == 1
    assert normal_p(Z95) == pytest.approx(0.05)
    assert normal_p(-2.575829) == pytest.approx(0.01, rel=1e-6)  # the 99.5 % quantile, NIST 1.3.6.7.1
