"""Three years of real figures: NHS England's A&E attendances by trust and type, April 2016 to March 2019.

The expected figures were added up apart from kpitui, with Python's csv and Decimal over the same file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from kpitui.periods import Grain
from kpitui.workspace.funnel import funnel
from kpitui.workspace.opening import Workspace
from kpitui.workspace.tree import branches, movement

DATA = Path(__file__).parents[2] / "shared" / "data" / "ae_attendances.csv"

pytestmark = pytest.mark.skipif(not DATA.is_file(), reason=f"there is no {DATA}")

SETTINGS = """\
[workspace]
name = "A&E"
locale = "en_GB"
fiscal_year_start = 4
as_of = 2019-04-11

[review.monthly]

[source.ae]
files = "measurements/ae_attendances.csv"
date = "period"
layout = "wide"
frequency = "monthly"
segments = ["org_code", "type"]

[kpi.attendances]
name = "Attendances"
source = "ae"
column = "attendances"
aggregate = "sum"

[kpi.breaches]
name = "Waits over four hours"
source = "ae"
column = "breaches"
aggregate = "sum"
direction = "down"

[kpi.within_four_hours]
name = "Seen within four hours"
formula = "(attendances - breaches) / attendances"
unit = "percent"
decimals = 1
direction = "up"
target = [{ from = 2016-04-01, until = 2019-03-31, value = 0.95, reason = "the national standard" }]
"""

ONE_TRUST = """
[measure.{id}_attendances]
source = "ae"
column = "attendances"
aggregate = "sum"
where = {{ org_code = ["{code}"] }}

[measure.{id}_breaches]
source = "ae"
column = "breaches"
aggregate = "sum"
where = {{ org_code = ["{code}"] }}

[kpi.{id}_within_four_hours]
name = "Seen within four hours, {code}"
formula = "({id}_attendances - {id}_breaches) / {id}_attendances"
unit = "percent"
decimals = 1
direction = "up"
target = [{{ from = 2016-04-01, until = 2019-03-31, value = 0.95, reason = "the national standard" }}]
"""


def write_workspace(root: Path) -> Path:
    (root / "measurements").mkdir(parents=True)
    shutil.copyfile(DATA, root / "measurements" / DATA.name)
    trusts = "".join(ONE_TRUST.format(id=code.lower(), code=code) for code in ("RF4", "RQM"))
    (root / "kpitui.toml").write_text(SETTINGS + trusts, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(write_workspace(tmp_path_factory.mktemp("ae")))


def actual(workspace: Workspace, kpi: str, period: str) -> float | None:
    return workspace.row(workspace.kpi(kpi), workspace.period(period)).point.value


def test_nothing_is_wrong_with_the_file(workspace: Workspace) -> None:
    assert workspace.problems == []


@pytest.mark.parametrize(
    ("kpi", "period", "expected"),
    [
        ("attendances", "2016-04", 1_867_781),
        ("attendances", "2019-02", 1_954_947),
        ("attendances", "2019-03", 2_167_550),
        ("attendances", "FY2017", 23_362_301),
        ("attendances", "FY2019", 24_826_981),
        ("breaches", "2016-04", 186_122),
        ("breaches", "2018-03", 315_232),
        ("breaches", "2019-03", 290_359),
        ("breaches", "FY2019", 2_976_112),
    ],
)
def test_counts_are_exact(workspace: Workspace, kpi: str, period: str, expected: int) -> None:
    assert actual(workspace, kpi, period) == expected


@pytest.mark.parametrize(
    ("kpi", "period", "expected"),
    [
        # (attendances − breaches) / attendances, added up over all trusts and types before dividing
        ("within_four_hours", "2016-04", 0.900351272445745),  # (1867781 − 186122) / 1867781
        ("within_four_hours", "2018-03", 0.846212163714731),  # (2049785 − 315232) / 2049785
        ("within_four_hours", "2019-03", 0.866042767179534),  # (2167550 − 290359) / 2167550
        ("within_four_hours", "FY2018", 0.883396097040216),  # (23830120 − 2778685) / 23830120
        ("within_four_hours", "FY2019", 0.880125900124553),  # (24826981 − 2976112) / 24826981
        ("rf4_within_four_hours", "2016-04", 0.813742398112009),  # (22034 − 4104) / 22034
        ("rf4_within_four_hours", "2019-02", 0.750390828556540),  # (24947 − 6227) / 24947
        ("rf4_within_four_hours", "2019-03", 0.825684691658373),  # (27129 − 4729) / 27129
        ("rqm_within_four_hours", "2018-08", 0.954935622317597),  # (24232 − 1092) / 24232
        ("rqm_within_four_hours", "2019-03", 0.958646362098139),  # (29550 − 1222) / 29550
        ("rqm_within_four_hours", "FY2019", 0.948982188685262),  # (326141 − 16639) / 326141
    ],
)
def test_shares_are_of_the_sums(workspace: Workspace, kpi: str, period: str, expected: float) -> None:
    assert actual(workspace, kpi, period) == pytest.approx(expected, abs=1e-14)


def test_march_2019_is_judged_against_the_standard(workspace: Workspace) -> None:
    card = workspace.scorecard()
    assert card.period.id == "2019-03"
    said = {row.kpi.id: (row.point.status, row.point.seen, row.point.due) for row in card.rows}
    assert said == {
        "attendances": ("no_target", 1, 1),
        "breaches": ("no_target", 1, 1),
        "within_four_hours": ("at_risk", 1, 1),  # 86.6 % is 8.8 % under 95 %
        "rf4_within_four_hours": ("behind", 1, 1),  # 82.6 % is 13.1 % under
        "rqm_within_four_hours": ("on_track", 1, 1),  # 95.9 %
    }


def test_thirty_six_months_and_none_after(workspace: Workspace) -> None:
    trend = workspace.trend(workspace.kpi("attendances"), Grain.MONTH, 38)
    months = [point.period.id for point in trend.points if point.value is not None]
    assert (len(months), months[0], months[-1]) == (36, "2016-04", "2019-03")
    assert workspace.row(workspace.kpi("attendances"), workspace.period("2019-03")).stale_since is None


def test_a_note_from_the_shell_is_in_the_file_and_there_again(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    text = "Type 1 at RF4: 71 % within four hours; the other types hide it."
    command = [sys.executable, "-m", "kpitui", "note", "rf4_within_four_hours", "--text", text, "--by", "Ward 7"]
    run = subprocess.run([*command, "-w", str(root)], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr.startswith("saved reviews/2019-04-monthly.toml:")) == (0, True), run.stderr
    note_id = run.stdout.strip()

    table = tomllib.loads((root / "reviews" / "2019-04-monthly.toml").read_text(encoding="utf-8"))
    note = table["note"][note_id]
    assert note["text"] == text
    assert (note["kpi"], note["period"], note["by"]) == ("rf4_within_four_hours", "2019-03", "Ward 7")

    again = Workspace.open(root, as_of=date(2019, 4, 12))
    assert again.problems == []
    assert [entry.text for entry in again.journal.entries("rf4_within_four_hours")] == [text]
    row = again.row(again.kpi("rf4_within_four_hours"), again.period("2019-03"))
    assert row.notes == 1


TYPES = {"type_1": "1", "type_2": "2", "other": "other"}
BY_TYPE = """
[kpi.{id}]
name = "Type {type}"
source = "ae"
column = "attendances"
aggregate = "sum"
parent = "attendances"
level = "ksf"
where = {{ type = ["{type}"] }}
"""


def test_the_tree_by_type_and_the_funnel(tmp_path: Path) -> None:
    """March 2018 to March 2019: type 1 1,299,796 → 1,373,060, type 2 46,655 → 50,490, other 703,334 → 744,000."""
    root = write_workspace(tmp_path)
    settings = (root / "kpitui.toml").read_text(encoding="utf-8")
    measured = 'source = "ae"\ncolumn = "attendances"\naggregate = "sum"\n'
    as_sum = 'formula = "type_1 + type_2 + other"\nlevel = "kgi"\nstage = "arrived"\n'
    settings = settings.replace(measured, as_sum, 1).replace(
        "decimals = 1\n", 'decimals = 1\nstage = "seen in time"\n', 1
    )
    settings += "".join(BY_TYPE.format(id=id_, type=type_) for id_, type_ in TYPES.items())
    (root / "kpitui.toml").write_text(settings, encoding="utf-8")
    workspace = Workspace.open(root)
    rows = workspace.scorecard().rows
    lines = branches(rows, workspace.definitions)
    moved = movement(workspace, lines, "year_ago")
    amounts = {key: share.amount for key, share in moved.shares.items()}
    assert amounts == {"attendances": 117_765, "type_1": 73_264, "type_2": 3_835, "other": 40_666}
    texts = {key: share.text for key, share in moved.shares.items()}
    assert texts == {"attendances": "+118k", "type_1": "+73k", "type_2": "+4k", "other": "+41k"}
    found = funnel(workspace, rows, workspace.period("2019-03"))
    assert [count.value for count in found.counts] == [2_167_550, 2_167_550 - 290_359]
    assert found.bottleneck == 0  # 86.6 % against 95 %
