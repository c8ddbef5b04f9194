"""Before and after actions that were to change something: whether the process of their KPI is another one since."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from kpitui.definitions.model import Kpi
from kpitui.periods import Grain
from kpitui.records.fold import ActionState
from kpitui.review.effects import Effect, effect
from kpitui.workspace.opening import Workspace


class ActionEffect(NamedTuple):
    """An action with an expected effect, and what its KPI's chart says of it."""

    state: ActionState
    kpi: Kpi
    day: date
    """When it was done, else when it was agreed."""
    done: bool
    grain: Grain
    """Of the chart's periods."""
    effect: Effect


def day_of(state: ActionState) -> tuple[date, bool]:
    """The day from which an effect can be looked for, and whether that is the day on which the action was done."""
    done = next((each.at.date() for each in reversed(state.followups) if each.status == "done"), None)
    if state.status == "done" and done is not None:
        return done, True
    return state.action.at.date(), False


def action_effect(workspace: Workspace, state: ActionState) -> ActionEffect | None:
    """What became of the KPI since; None where no effect is expected, the action was dropped, or the KPI is gone."""
    kpi = workspace.definitions.kpis.get(state.action.kpi)
    if kpi is None or not state.action.effect or state.status == "dropped":
        return None
    day, done = day_of(state)
    grain = max(workspace.usual_grain, workspace.finest_grain(kpi))
    drawn = workspace.figures.chart(kpi, grain)
    return ActionEffect(state, kpi, day, done, grain, effect(drawn.chart, drawn.periods, day))
