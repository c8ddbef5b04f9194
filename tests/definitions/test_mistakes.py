"""What people get wrong: each mistake is told with its line, its key and a cure, and all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpitui.definitions.load import load

from .conftest import CRM, Open

KPI = '[kpi.x]\nsource = "crm"\ncolumn = "x"\naggregate = "sum"\n'
"""Lines 16 to 19, behind a source and two measures; what a case adds begins at line 20."""

OPTIONAL_KEYS = [
    ("tagret = 1", 20, "kpi.x.tagret", "did you mean `target`?"),
    ("zzz = 1", 20, "kpi.x.zzz", "unknown key `zzz`"),
    (
        'decimals = "1"',
        20,
        "kpi.x.decimals",
        "expected a whole number, found text (without quotes: decimals = 1)",
    ),
    ("decimals = 1.5", 20, "kpi.x.decimals", "expected a whole number, found a number"),
    ("decimals = -1", 20, "kpi.x.decimals", "from 0 to 10"),
    ("owner = 7", 20, "kpi.x.owner", 'expected text, found a number (in quotes: owner = "7")'),
    ("owner = true", 20, "kpi.x.owner", "found true or false"),
    ('direction = "dwon"', 20, "kpi.x.direction", "unknown direction `dwon` (one of up, down, range)"),
    ('comparison = "%"', 20, "kpi.x.comparison", "one of percent, points, bps"),
    ('tier = "Primary"', 20, "kpi.x.tier", "one of primary, supporting, diagnostic"),
    ('kind = "lead"', 20, "kpi.x.kind", "one of leading, lagging"),
    ('type = "x"', 20, "kpi.x.type", "one of volume, efficiency, quality, growth, retention"),
    (
        'perspective = "x"',
        20,
        "kpi.x.perspective",
        "financial, customer, internal process, learning & growth",
    ),
    ('level = "x"', 20, "kpi.x.level", "one of kgi, ksf, kpi"),
    ('grain = "weekly"', 20, "kpi.x.grain", "one of day, week, month, quarter, year"),
    ('currency = "euro"', 20, "kpi.x.currency", 'such as "EUR"'),
    ('review = "fortnightly"', 20, "kpi.x.review", "one of daily, weekly, monthly, quarterly, yearly"),
    ('objective = "growth"', 20, "kpi.x.objective", "unknown objective `growth`"),
    ('parent = "y"', 20, "kpi.x.parent", "unknown KPI `y`"),
    ('parent = "x"', 20, "kpi.x.parent", "cannot name itself"),
    ('parent = "sqls"', 20, "kpi.x.parent", "unknown KPI `sqls`"),
    ('pair = "y"', 20, "kpi.x.pair", "unknown KPI `y`"),
    ('predicts = "y"', 20, "kpi.x.predicts", 'predicts = [{ kpi = "y", lag = 1 }]'),
    ("predicts = [{ lag = 1 }]", 20, "kpi.x.predicts[1].kpi", "`kpi` is missing"),
    ('predicts = [{ kpi = "y" }]', 20, "kpi.x.predicts[1].kpi", "unknown KPI `y`"),
    ("benchmark = 0.2", 20, "kpi.x.benchmark", "expected a table, found a number"),
    ("benchmark = { low = 2, high = 1 }", 20, "kpi.x.benchmark.low", "above"),
    ("status = { ahed = 1 }", 20, "kpi.x.status.ahed", "did you mean `ahead`?"),
    ("status.on_track = -1", 20, "kpi.x.status.on_track", "0 or more"),
    ('[kpi.x.chart]\nmethod = "xmr"', 21, "kpi.x.chart.method", "one of nhs, wheeler, p, u, none"),
    ('[kpi.x.chart]\nscreen = "yes"', 21, "kpi.x.chart.screen", "expected true or false, found text"),
    ("[kpi.x.chart]\nrebase = 2026", 21, "kpi.x.chart.rebase", "expected a list of dates"),
    ('[kpi.x.chart]\nrebase = ["2026-04-01"]', 21, "kpi.x.chart.rebase", "rebase = [2026-04-01]"),
    ("[kpi.x.chart]\nbaseline = 1", 21, "kpi.x.chart.baseline", "2 or more"),
    ("target = 0.25", 20, "kpi.x.target", "target = [{ from = 2026-01-01, value = 0.25 }]"),
    ("target = [0.25]", 20, "kpi.x.target", "expected a list of tables"),
    (
        'target = { from = "2026-01-01", value = 1 }',
        20,
        "kpi.x.target.from",
        "without quotes: from = 2026-01-01",
    ),
    (
        'target = { from = "1 Jan", value = 1 }',
        20,
        "kpi.x.target.from",
        "as from = 2026-01-31, without quotes",
    ),
    ("target = { from = 2026-01-01T00:00:00, value = 1 }", 20, "kpi.x.target.from", "from = 2026-01-01"),
    ("target = [\n{ value = 1 },\n]", 21, "kpi.x.target[1].from", "`from` is missing"),
    ("target = [{ from = 2026-01-01 }]", 20, "kpi.x.target[1].value", "`value` missing"),
    ("target = [{ from = 2026-01-01, value = nan }]", 20, "kpi.x.target[1].value", "neither inf nor nan"),
    ("target = [{ from = 2026-01-01, value = 1e400 }]", 20, "kpi.x.target[1].value", "neither inf nor nan"),
    (f"target = [{{ from = 2026-01-01, value = 1{'0' * 400} }}]", 20, "kpi.x.target[1].value", "neither inf"),
    (
        "target = [{ from = 2026-02-01, until = 2026-01-01, value = 1 }]",
        20,
        "kpi.x.target[1].until",
        "before",
    ),
    ("target = [{ from = 2026-01-01, value = 1, low = 0, high = 2 }]", 20, "kpi.x.target[1].value", "both"),
    ("target = [{ from = 2026-01-01, low = 0, high = 2 }]", 20, "kpi.x.target[1].low", 'direction "range"'),
    (
        'target = [{ from = 2026-01-01, value = 1 }]\ndirection = "range"',
        *(20, "kpi.x.target[1].value", "`low` and `high` instead"),
    ),
    (
        'direction = "range"\ntarget = [{ from = 2026-01-01, low = 1 }]',
        *(21, "kpi.x.target[1].high", "`high` is missing"),
    ),
    (
        'direction = "range"\ntarget = [{ from = 2026-01-01, low = 3, high = 1 }]',
        *(21, "kpi.x.target[1].low", "`low` is above `high`"),
    ),
    (
        'target = [{ from = 2026-01-01, until = 2026-12-31, value = 1, path = "linear" }]',
        *(20, "kpi.x.target[1].start", "`start` is missing"),
    ),
    (
        'target = [{ from = 2026-01-01, value = 1, path = "linear", start = 0 }]',
        *(20, "kpi.x.target[1].until", "`until` is missing"),
    ),
    (
        "target = [{ from = 2026-01-01, value = 1, start = 0 }]",
        *(20, "kpi.x.target[1].start", 'add path = "linear"'),
    ),
    (
        'target = [{ from = 2026-01-01, value = 1, path = "seasonal" }]',
        *(20, "kpi.x.target[1].per", 'per = "year"'),
    ),
    (
        'direction="range"\n[kpi.x.target]\nfrom=2026-01-01\nlow=1\nhigh=2\nper="year"\npath="seasonal"',
        *(26, "kpi.x.target.path", "needs a value, not a range"),
    ),
    (
        'target = [{ from = 2026-01-01, value = 1, per = "monthly" }]',
        *(20, "kpi.x.target[1].per", "one of day, week, month, quarter, year"),
    ),
]


@pytest.mark.parametrize(("lines", "line", "key", "said"), OPTIONAL_KEYS)
def test_a_mistake_in_an_optional_key_spoils_that_key(
    with_crm: Open, lines: str, line: int, key: str, said: str
) -> None:
    definitions, problems = with_crm(KPI + lines)
    assert [(problem.file, problem.line, problem.key) for problem in problems] == [("kpitui.toml", line, key)]
    assert said in str(problems[0])
    assert list(definitions.kpis) == ["x"]
    assert definitions.kpis["x"].targets == ()


FIGURES = [
    ('formula = "sqls /"', 17, "formula", "does not parse at its character 7"),
    ('formula = "sqls / mqlz"', 17, "formula", "unknown id `mqlz` (did you mean `mqls`?)"),
    ('formula = "2 * 3"', 17, "formula", "names no measure and no KPI"),
    ('formula = ""', 17, "formula", "the formula is blank"),
    ("formula = 3", 17, "formula", "expected text, found a number"),
    ('formula = "sqls"\nsource = "crm"', 18, "source", "two definitions"),
    ('formula = "x + sqls"', 17, "formula", "a formula in a ring: x → x"),
    ('formla = "sqls"', 17, "formla", "did you mean `formula`?"),
    ('unit = "score"', 16, "source", "neither a formula nor a source"),
    ('source = "crn"\ncolumn = "x"\naggregate = "sum"', 17, "source", "did you mean `crm`?"),
    ('source = "crm"\naggregate = "sum"', 16, "column", 'column = "x"'),
    ('source = "crm"\ncolumn = ""\naggregate = "sum"', 18, "column", 'column = "x"'),
    ('source = "crm"\nkey = "x"\ncolumn = "x"\naggregate = "sum"', 18, "key", "use `column`"),
    ('source = "crm"\ncolumn = "x"', 16, "aggregate", "one of sum, count, mean"),
    ('source = "crm"\ncolumn = "x"\naggregate = "avg"', 19, "aggregate", "one of sum, count, mean"),
    ('source = "crm"\naggregate = "count"\nwhere = "paid"', 19, "where", 'where = { channel = ["paid"] }'),
    (
        'source = "crm"\naggregate = "count"\nwhere = { n = [7] }',
        19,
        "where",
        "`n`: expected text, found a number",
    ),
    ('source = "crm"\naggregate = "count"\nwhere = { n = [] }', 19, "where", "`n` admits nothing"),
    ('source = "crm"\naggregate = "count"\nwehre = { n = "a" }', 19, "wehre", "did you mean `where`?"),
    ('source = "manual"\ncolumn = "x"', 18, "column", "typed values have no column"),
]


@pytest.mark.parametrize(("lines", "line", "key", "said"), FIGURES)
def test_a_kpi_without_a_sure_figure_is_left_out_and_named(
    with_crm: Open, lines: str, line: int, key: str, said: str
) -> None:
    definitions, problems = with_crm(f"[kpi.x]\n{lines}\n[kpi.sound]\nformula = 'sqls'")
    assert [(problem.line, problem.key) for problem in problems] == [(line, f"kpi.x.{key}")]
    assert said in str(problems[0])
    assert list(definitions.kpis) == ["sound"]
    assert definitions.broken == {"x": "x"}


SETTINGS = [
    ("[workspase]", 1, "workspase", "did you mean `workspace`?"),
    ("workspace = 1", 1, "workspace", "expected a table, found a number"),
    ("kpi = 3", 1, "kpi", "expected tables [kpi.id]"),
    ("[kpi]\nx = 3", 2, "kpi.x", "expected a table [kpi.x]"),
    ("[workspace]\nnmae = 'x'", 2, "workspace.nmae", "did you mean `name`?"),
    ("[workspace]\ncurrency = '€'", 2, "workspace.currency", "three capitals"),
    ("[workspace]\nlocale = 'English'", 2, "workspace.locale", 'such as "en_GB"'),
    ("[workspace]\nfiscal_year_start = 0", 2, "workspace.fiscal_year_start", "from 1 to 12"),
    ("[workspace]\nfiscal_year_start = 13", 2, "workspace.fiscal_year_start", "from 1 to 12"),
    ("[workspace]\nweek_start = 'Monday'", 2, "workspace.week_start", "one of monday, tuesday"),
    ("[workspace]\nstage = 'late'", 2, "workspace.stage", "one of early, growth, mature"),
    ("[workspace]\nmin_coverage = 90", 2, "workspace.min_coverage", "from 0 to 1"),
    ("[workspace]\nmin_coverage = nan", 2, "workspace.min_coverage", "neither inf nor nan"),
    ("[workspace]\nas_of = '2026-11-04'", 2, "workspace.as_of", "without quotes: as_of = 2026-11-04"),
    ("[workspace]\ntargets = 'targets.csv'", None, None, "there is no such file"),
    ("[workspace]\ntargets = '../targets.csv'", None, None, "outside the workspace"),
    ("[person.Ops]", 1, "person.Ops", "cannot be an id"),
    ("[view.x]\nfilter = 'onwer:ops tier:primary'", 2, "view.x.filter", "did you mean `owner`?"),
    ("[view.x]\nfilter = 'status:'", 2, "view.x.filter", "one of ahead, on_track, at_risk, behind, no_target, no_data"),
    ("[view.x]\nfilter = 'tier:first'", 2, "view.x.filter", "one of primary, supporting, diagnostic"),
    ("[view.x]\ngroup = 'funnel'", 2, "view.x.group", "one of decision, perspective, objective, stage, tier, type"),
    ("[view.x]\nfitler = 'owner:ops'", 2, "view.x.fitler", "did you mean `filter`?"),
    ("[review.fortnightly]", 1, "review.fortnightly", "one of daily, weekly, monthly, quarterly, yearly"),
    ("[review.weekly]\nkpis = { teir = 'primary' }", 2, "review.weekly.kpis.teir", "did you mean `tier`?"),
    ("[review.weekly]\nkpis = { kind = ['lead'] }", 2, "review.weekly.kpis.kind", "one of leading, lagging"),
    (
        "[review.weekly]\nkpis = { objective = 'x' }",
        2,
        "review.weekly.kpis.objective",
        "unknown objective `x`",
    ),
    ("[review.weekly]\nkpis = { ids = ['x'] }", 2, "review.weekly.kpis.ids", "unknown KPI `x`"),
    ("[review.weekly]\nkpis = { owner = 1 }", 2, "review.weekly.kpis.owner", "text or a list of texts"),
    ("[measure.x]\naggregate = 'sum'", 1, "measure.x.source", "one of manual"),
    (
        "[source.manual]\nfiles = 'a.csv'\ndate = 'd'\nfrequency = 'daily'",
        *(2, "source.manual.files", "give this one another id"),
    ),
    ("[status]\nbands = 'percent'", 2, "status.bands", "one of relative, absolute"),
    ("[objective.a]\ntitel = 'A'", 2, "objective.a.titel", "did you mean `title`?"),
    ("[view.a]\nfilter = 1", 2, "view.a.filter", "expected text"),
]


@pytest.mark.parametrize(("text", "line", "key", "said"), SETTINGS)
def test_a_mistake_in_the_settings(opened: Open, text: str, line: int | None, key: str | None, said: str) -> None:
    definitions, problems = opened(text)
    assert [(problem.line, problem.key) for problem in problems] == [(line, key)]
    assert said in str(problems[0])
    assert [cadence.id for cadence in definitions.cadences] in (["monthly"], ["weekly"])


SOURCES = [
    ("files = '/etc/passwd'", "files", "outside the workspace"),
    ("files = ['a.csv', '../b.csv']", "files", "outside the workspace"),
    ("files = '~/a.csv'", "files", "outside the workspace"),
    ("files = 'https://example.org/a.csv'", "files", "outside the workspace"),
    ("files = '$HOME/a.csv'", "files", "outside the workspace"),
    ("files = 'C:\\a.csv'", "files", "outside the workspace"),
    ("files = 'a.xlsx'", "files", "one of .csv, .csv.gz, .parquet"),
    ("files = []", "files", "`files` is missing"),
    ("date = ''", "date", "`date` is missing"),
    ("date_format = 'DD/MM/YYYY'", "date_format", '"%d/%m/%Y"'),
    ("layout = 'tall'", "layout", "one of wide, long"),
    ("measure = 'metric'", "measure", 'add layout = "long"'),
    ("frequency = 'hourly'", "frequency", "one of daily, weekdays, weekly"),
    ("delimiter = ', '", "delimiter", "expected one character"),
    ("delimiter = 1", "delimiter", "expected one character, found a number"),
    ("encoding = 'utf-9'", "encoding", "unknown encoding"),
    ("decimal = ';'", "decimal", "one of ., ,"),
    ("decimal = ','\nthousands = ','", "thousands", "separates the decimals too"),
    ("missing = [0]", "missing", "expected text or a list of texts"),
    ("delimeter = ';'", "delimeter", "did you mean `delimiter`?"),
]


@pytest.mark.parametrize(("lines", "key", "said"), SOURCES)
def test_a_source_that_could_give_wrong_figures_is_not_used(opened: Open, lines: str, key: str, said: str) -> None:
    table = {"files": "'a.csv'", "date": "'date'", "frequency": "'daily'"}
    table.update(line.split(" = ", 1) for line in lines.split("\n"))
    source = "\n".join(f"{name} = {value}" for name, value in table.items())
    definitions, problems = opened(f"[source.s]\n{source}\n[kpi.x]\nsource = 's'\ncolumn = 'x'\naggregate = 'sum'")
    assert problems[0].key == f"source.s.{key}"
    assert said in str(problems[0])
    assert [problem.holds_up for problem in problems] == [("x",)]
    assert not definitions.sources
    assert definitions.broken == {"x": "x"}


def test_a_long_source_names_its_columns_and_a_measure_its_key(opened: Open) -> None:
    long = "[source.s]\nfiles = 'a.csv'\ndate = 'd'\nfrequency = 'daily'\nlayout = 'long'\n"
    _, problems = opened(long)
    assert [(problem.line, problem.key, problem.hint) for problem in problems] == [
        (1, "source.s.measure", 'layout "long" needs the column\'s name: measure = "metric"'),
        (1, "source.s.value", 'layout "long" needs the column\'s name: value = "value"'),
    ]
    _, problems = opened(
        long + "measure = 'm'\nvalue = 'v'\n[measure.x]\nsource = 's'\ncolumn = 'x'\naggregate = 'sum'"
    )
    assert [(problem.line, problem.hint) for problem in problems] == [
        (8, 'which text in `m` is meant: key = "x"'),
        (10, "use `key`"),
    ]
    _, problems = opened(long + "measure = 'm'\nvalue = 'v'\n[measure.x]\nsource = 's'\naggregate = 'count'")
    assert [(problem.line, problem.key, problem.hint) for problem in problems] == [
        (8, "measure.x.key", 'which text in `m` is meant: key = "x"')
    ]


def test_due_after_and_segments_do_not_shape_figures(opened: Open) -> None:
    definitions, problems = opened(CRM.replace('"daily"', '"daily"\ndue_after = "2"\nsegments = 1'))
    assert [problem.key for problem in problems] == ["source.crm.due_after", "source.crm.segments"]
    assert list(definitions.sources) == ["crm"]


def test_all_mistakes_are_told_at_once_and_what_is_sound_opens(with_crm: Open) -> None:
    definitions, problems = with_crm(
        """\
[workspace]
currency = "EUR"
week_start = "someday"
[kpi.revenue]
source = "crm"
column = "revenue"
aggregate = "sum"
unit = "currency"
[kpi.revenue_us]
source = "crm"
column = "revenue_us"
aggregate = "sum"
unit = "currency"
currency = "USD"
[kpi.total]
formula = "revenue + revenue_us"
""",
        a_toml='[kpi.ring_a]\nformula = "ring_b"\n[kpi.ring_b]\nformula = "prev(ring_a)"\n'
        '[kpi.on_ring]\nname = "On the ring"\nformula = "ring_a / sqls"\nteir = "primary"\n',
        b_toml='[kpi.mqls]\nformula = "sqls"\n[kpi.Bad-Id]\n[kpi.good]\nformula = "sqls / mqls"\n',
        c_toml="this is not TOML",
        d_toml='[source.x]\n[measure.m]\nsource = "crm"\n',
        events_csv="date,kpi,text\n2026-01-02,revenue,Price up\n2026-13-01,,\n2026-01-03,revenu,Price down\n",
    )
    assert [f"{problem.place}: {problem.key}: {problem.message}" for problem in problems] == [
        "kpis/c.toml:1:6: None: not TOML: Expected '=' after a key in a key/value pair",
        "kpitui.toml:18: workspace.week_start: unknown week_start `someday`",
        "kpitui.toml:31: kpi.total.formula: the formula mixes EUR and USD",
        "events.csv:3: date: expected a date, found `2026-13-01`",
        "events.csv:3: text: `text` is missing",
        "kpis/a.toml:2: kpi.ring_a.formula: a formula in a ring: ring_a → ring_b → ring_a",
        "kpis/a.toml:8: kpi.on_ring.teir: unknown key `teir`",
        "kpis/b.toml:1: kpi.mqls: id `mqls` is taken: kpitui.toml:11 defines it too",
        "kpis/b.toml:3: kpi.Bad-Id: `Bad-Id` cannot be an id",
        "kpis/d.toml:1: source: [source] is not read here",
        "kpis/d.toml:2: measure.m.aggregate: `aggregate` is missing",
        "kpis/d.toml:2: measure.m.column: `column` is missing",
    ]
    assert list(definitions.kpis) == ["revenue", "revenue_us", "good"]
    assert definitions.broken == {
        "total": "total",
        "ring_a": "ring_a",
        "ring_b": "ring_b",
        "on_ring": "On the ring",
        "mqls": "mqls",
        "Bad-Id": "Bad-Id",
    }
    assert [event.text for event in definitions.events] == ["Price up"]


def test_the_column_of_a_formula_that_does_not_parse(with_crm: Open) -> None:
    _, problems = with_crm('[kpi.x]\nformula = "sqls / )"')
    assert (problems[0].line, problems[0].column) == (17, len('formula = "sqls / )'))


def test_a_grain_finer_than_the_figures(opened: Open) -> None:
    definitions, problems = opened(CRM.replace("daily", "weekly") + '[kpi.x]\nformula = "sqls / mqls"\ngrain = "day"')
    assert [(problem.line, problem.message, problem.hint) for problem in problems] == [
        (18, "a day is finer than its figures, which are weekly", 'grain = "week", or coarser')
    ]
    assert definitions.kpis["x"].grain.word == "week"


def test_parents_in_a_ring_are_left_out(with_crm: Open) -> None:
    definitions, problems = with_crm(
        "".join(f"[kpi.{one}]\nformula = 'sqls'\nparent = '{other}'\n" for one, other in ("ab", "bc", "ca", "da"))
    )
    assert [(problem.line, problem.message) for problem in problems] == [(18, "parents in a ring: a → b → c → a")]
    assert [kpi.parent for kpi in definitions.kpis.values()] == [None, None, None, "a"]


def test_what_refers_to_a_broken_kpi_opens_without_the_reference(with_crm: Open) -> None:
    definitions, problems = with_crm(
        "[kpi.x]\nformula = 'sqls'\npair = 'y'\nparent = 'y'\npredicts = [{ kpi = 'y' }]\n[kpi.y]\nformula = '('\n"
    )
    assert [problem.key for problem in problems] == ["kpi.y.formula"]
    kpi = definitions.kpis["x"]
    assert (kpi.pair, kpi.parent, kpi.predicts) == (None, None, ())


def test_a_review_that_is_not_held(with_crm: Open) -> None:
    _, problems = with_crm("[review.monthly]\n[kpi.x]\nformula = 'sqls'\nreview = 'weekly'")
    assert [(problem.key, problem.hint) for problem in problems] == [
        ("kpi.x.review", "one of monthly, or add [review.weekly] to kpitui.toml")
    ]


def test_where_the_direction_is_not_known_nothing_is_judged(with_crm: Open) -> None:
    definitions, _ = with_crm(KPI + "direction = 'dwon'\ntarget = [{ from = 2026-01-01, value = 1 }]")
    assert (definitions.kpis["x"].direction, definitions.kpis["x"].targets) == ("range", ())


def test_one_wrong_target_leaves_none_in_its_place(with_crm: Open) -> None:
    definitions, problems = with_crm(
        KPI + "target = [{ from = 2025-01-01, value = 1 }, { from = 2026-01-01, vlaue = 2 }]"
    )
    assert [problem.key for problem in problems] == ["kpi.x.target[2].vlaue"]
    assert definitions.kpis["x"].targets == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(), kpi=st.text(), targets=st.text(), events=st.text())
def test_any_text_gives_problems_and_never_an_error(
    tmp_path: Path, text: str, kpi: str, targets: str, events: str
) -> None:
    (tmp_path / "kpis").mkdir(exist_ok=True)
    written = {
        "kpitui.toml": f"workspace.targets = 't.csv'\n{CRM}\n{text}",
        "kpis/a.toml": f"[kpi.x]\n{kpi}",
        "t.csv": targets,
        "events.csv": f"date,kpi,text\n{events}",
    }
    for name, content in written.items():
        (tmp_path / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    load(tmp_path)


KEYS = st.sampled_from(
    [
        "name",
        "source",
        "column",
        "aggregate",
        "where",
        "formula",
        "target",
        "chart",
        "status",
        "predicts",
        "grain",
        "x",
    ]
)
VALUES = st.sampled_from(
    [
        *("1", "-0.5", "nan", "inf", "true", "''", "'crm'", "'sqls'", "'x'"),
        *("[]", "[[]]", "{}", "[{}]", "[1, 'a']", "{ x = { x = 1 } }", "[{ from = 2026-01-01, value = 1 }]"),
        *("2026-01-01", "2026-01-01T00:00:00Z", "00:00:00"),
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    section=st.sampled_from(["kpi.x", "measure.x", "source.crm2", "workspace", "review.weekly", "status", "view.x"]),
    table=st.dictionaries(KEYS, VALUES),
)
def test_any_value_under_any_key_gives_problems_and_never_an_error(
    with_crm: Open, section: str, table: dict[str, str]
) -> None:
    lines = "\n".join(f"{key} = {value}" for key, value in table.items())
    _, problems = with_crm(f"[{section}]\n{lines}")
    assert all(problem.line for problem in problems)
