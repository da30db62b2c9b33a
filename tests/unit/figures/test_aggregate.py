"""Measures give one answer on pandas, on DuckDB and in SQL or Python that shares no code with either.

Or they are refused: never a number that is not exact.
"""

from fractions import Fraction
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.drawn import examples
from support.project import DATA, ROOT

from figurebook.datapackage.exact_numbers import LARGEST_INTEGER
from figurebook.datapackage.tables import Table, typed_frame
from figurebook.figures.aggregate import MeasureError, percent_change, total
from figurebook.figures.definitions import figure_measures
from figurebook.figures.measures import (
    Count,
    Difference,
    Measure,
    Only,
    PercentChange,
    Scaled,
    Share,
    Total,
    WeightedMean,
)

SCHEMA = {
    "fields": [
        {"name": "kind", "type": "string"},
        {"name": "flag", "type": "boolean"},
        {"name": "fen", "type": "integer", "unit": "fen"},
        {"name": "heads", "type": "integer"},
    ]
}
DTYPES = {"kind": "string", "flag": "boolean", "fen": "Int64", "heads": "Int64"}
ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]),
        st.sampled_from([None, True, False]),
        st.none() | st.integers(0, 10**9),
        st.none() | st.integers(0, 30),
    ),
    max_size=12,
)
# (measure, the same in SQL as numerator and denominator; sums over no rows are NULL)
MEASURES = {
    "count": (Count("t"), "SELECT count(*), 1 FROM t"),
    "count where true": (Count("t", where={"flag": True}), "SELECT count(*), 1 FROM t WHERE flag"),
    "count where false": (Count("t", where={"flag": False}), "SELECT count(*), 1 FROM t WHERE NOT flag"),
    "count where both": (
        Count("t", where={"kind": "a", "flag": True}),
        "SELECT count(*), 1 FROM t WHERE flag AND kind = 'a'",
    ),
    "total": (Total("t", "heads"), "SELECT sum(heads), 1 FROM t"),
    "total of money": (
        Total("t", "fen", where={"kind": "b"}),
        "SELECT sum(fen), 100 FROM t WHERE kind = 'b'",
    ),
    "weighted mean": (
        WeightedMean("t", "heads", weight="heads"),
        "SELECT sum(heads * heads), sum(heads) FROM t",
    ),
    "weighted mean of money": (
        WeightedMean("t", "fen", weight="heads", where={"flag": True}),
        "SELECT sum(fen * heads), 100 * sum(heads) FROM t WHERE flag AND fen IS NOT NULL",
    ),
    "only": (
        Only("t", "fen", where={"kind": "a"}),
        "SELECT CASE count(fen) WHEN 1 THEN max(fen) END, 100 FROM t WHERE kind = 'a'",
    ),
}


def on_pandas(rows: list[tuple]) -> SimpleNamespace:
    columns = zip(*rows, strict=True) if rows else [[]] * 4
    frame = pd.DataFrame(
        {
            name: pd.array(list(cells), dtype=dtype)
            for (name, dtype), cells in zip(DTYPES.items(), columns, strict=True)
        }
    )
    return SimpleNamespace(t=Table("t", frame, "recorded", SCHEMA))


def in_duckdb(rows: list[tuple]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (kind VARCHAR, flag BOOLEAN, fen BIGINT, heads BIGINT)")
    if rows:
        places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
        connection.execute(f"INSERT INTO t VALUES {places}", [cell for row in rows for cell in row])
    return connection


def relation(connection: duckdb.DuckDBPyConnection, schema: dict = SCHEMA) -> SimpleNamespace:
    return SimpleNamespace(t=Table("t", connection.table("t"), "recorded", schema))


def asked(connection: duckdb.DuckDBPyConnection, sql: str) -> Fraction | None:
    [(numerator, denominator)] = connection.execute(sql).fetchall()
    return Fraction(numerator, denominator) if numerator is not None and denominator else None


@examples(60)
@given(ROWS)
@example([])
@example([(None, None, None, None)])
@example([("a", True, 0, 0)])
@example([("a", True, 10**9, 30)] * 12)
def test_each_measure_says_the_same_on_every_engine(rows):
    with in_duckdb(rows) as connection:
        for name, (measure, sql) in MEASURES.items():
            expected = asked(connection, sql)
            assert measure.compute(on_pandas(rows)) == expected, name
            assert measure.compute(relation(connection)) == expected, name


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_sums_beyond_what_a_float_holds_are_exact(engine):
    big = 2**53 + 1
    rows = [("a", True, big, 1), ("b", True, None, 5)]
    with in_duckdb(rows) as connection:
        tables = on_pandas(rows) if engine == "pandas" else relation(connection)
        for measure in (
            Total("t", "fen"),
            Only("t", "fen", where={"kind": "a"}),
            WeightedMean("t", "fen", weight="heads"),
        ):
            value = measure.compute(tables)
            assert type(value) is Fraction
            assert value == Fraction(big, 100)


@pytest.mark.parametrize(
    "measure",
    [
        Total("t", "fen", where={"kind": "none such"}),
        WeightedMean("t", "fen", weight="heads", where={"kind": "none such"}),
        WeightedMean("t", "fen", weight="heads", where={"kind": "a"}),
        Only("t", "fen", where={"kind": "none such"}),
        Only("t", "fen", where={"kind": "b"}),
        Total("t", "heads", where={"kind": "c"}),
    ],
    ids=["no row", "no row to weigh", "weights of 0", "not one", "two for one", "only missing"],
)
def test_where_there_is_nothing_there_is_no_value(measure):
    rows = [("a", True, 7, 0), ("b", True, 1, 1), ("b", True, 1, 1), ("c", True, 1, None)]
    with in_duckdb(rows) as connection:
        for tables in (on_pandas(rows), relation(connection)):
            assert measure.compute(tables) is None
            for part in (
                PercentChange(measure, Count("t")),
                PercentChange(Count("t"), measure),
                Share(measure, Count("t")),
                Difference(Count("t"), measure),
                Scaled(measure, "万"),
            ):
                assert part.compute(tables) is None


@given(st.fractions(0, 10**6), st.fractions(0, 10**6))
@example(Fraction(4500), Fraction(3950))
@example(Fraction(1), Fraction(0))
def test_percent_change_is_exact(new, old):
    assert percent_change(new, old) == (None if old == 0 else 100 * (new - old) / old)


@pytest.mark.parametrize(("new", "old"), [(None, Fraction(1)), (Fraction(1), None), (None, None)])
def test_percent_change_of_no_value_is_no_value(new, old):
    assert percent_change(new, old) is None


# Random tables of whole numbers up to int64 and of decimals, against fractions of what was written.
DECIMALS = 3
WIDE = {
    "fields": [
        {"name": "kind", "type": "string"},
        {"name": "whole", "type": "integer"},
        {"name": "fen", "type": "integer", "unit": "fen"},
        {"name": "part", "type": "number", "decimals": DECIMALS},
        {"name": "weight", "type": "number", "decimals": 1},
    ]
}
INTEGERS = (
    st.integers(-100, 100) | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.sampled_from([2**62, 2**31])
)


def decimals(places: int, digits: int):
    """Numbers with at most so many places, as they are written."""

    def written(number: int) -> str:
        whole, part = divmod(abs(number), 10**places)
        return f"{'-' if number < 0 else ''}{whole}.{part:0{places}}"

    return st.integers(-(10**digits) + 1, 10**digits - 1).map(written)


WIDE_ROWS = st.lists(
    st.tuples(
        st.sampled_from([None, "a", "b"]),
        st.none() | INTEGERS.map(str),
        st.none() | INTEGERS.map(str),
        st.none() | decimals(DECIMALS, 5) | decimals(DECIMALS, 15),
        st.none() | decimals(1, 3) | decimals(1, 12),
    ),
    max_size=6,
)
REFUSED = "refused"
NUMBERS_IN_DUCKDB = {
    "decimal": ("DECIMAL(18, 3)", "DECIMAL(18, 1)"),
    "double": ("DOUBLE", "DOUBLE"),
    "more places": ("DECIMAL(30, 9)", "DECIMAL(30, 9)"),
}


def measures(where: dict) -> list[Measure]:
    """Every kind of measure, of the rows that equal ``where``."""
    count, part, whole, fen, weight = (
        Count("t", where),
        *(Total("t", c, where) for c in ("part", "whole", "fen", "weight")),
    )
    return [
        whole,
        fen,
        Only("t", "part", where),
        Only("t", "whole", where),
        WeightedMean("t", "whole", "weight", where),
        WeightedMean("t", "part", "weight", where),
        WeightedMean("t", "fen", "whole", where),
        PercentChange(part, whole),
        Share(count, Count("t")),
        Difference(fen, part),
        Scaled(weight, "亿"),
    ]


def by_fractions(measure: Measure, rows: list[dict]) -> Fraction | None:
    """What the measure is, in the arithmetic of Python alone."""
    if isinstance(measure, PercentChange | Share | Difference):
        left, right = (
            (measure.new, measure.old)
            if isinstance(measure, PercentChange)
            else (measure.part, measure.whole)
            if isinstance(measure, Share)
            else (measure.first, measure.second)
        )
        x, y = by_fractions(left, rows), by_fractions(right, rows)
        if x is None or y is None or (y == 0 and not isinstance(measure, Difference)):
            return None
        return (
            x - y
            if isinstance(measure, Difference)
            else 100 * x / y
            if isinstance(measure, Share)
            else 100 * (x - y) / y
        )
    if isinstance(measure, Scaled):
        value = by_fractions(measure.measure, rows)
        return None if value is None else value / {"万": 10_000, "亿": 100_000_000}[measure.unit]
    rows = [r for r in rows if all(r[c] == v for c, v in measure.where.items())]
    if isinstance(measure, Count):
        return Fraction(len(rows))
    weight = getattr(measure, "weight", None)
    values = [
        (Fraction(r[measure.column]), Fraction(r[weight]) if weight else 1)
        for r in rows
        if r[measure.column] is not None and (weight is None or r[weight] is not None)
    ]
    unit = 100 if measure.column == "fen" else 1
    if isinstance(measure, Only):
        return values[0][0] / unit if len(values) == 1 else None
    weights = sum(w for _, w in values) if weight else 1
    return sum(v * w for v, w in values) / weights / unit if values and weights else None


def on_both(rows: list[tuple], numbers: str, connection: duckdb.DuckDBPyConnection) -> list[SimpleNamespace]:
    """The same cells on pandas and in DuckDB, with decimals kept there as ``numbers`` says."""
    names = [f["name"] for f in WIDE["fields"]]
    text = pd.DataFrame(rows, columns=names, dtype="string")
    part, weight = NUMBERS_IN_DUCKDB[numbers]
    connection.execute(
        f"CREATE TABLE t (kind VARCHAR, whole BIGINT, fen BIGINT, part {part}, weight {weight})"
    )
    for row in rows:
        connection.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", list(row))
    return [
        SimpleNamespace(t=Table("t", typed_frame(text, WIDE), "recorded", WIDE)),
        relation(connection, WIDE),
    ]


@examples(60)
@given(WIDE_ROWS, st.sampled_from([{}, {"kind": "a"}]), st.sampled_from(list(NUMBERS_IN_DUCKDB)))
@example([], {}, "decimal")
@example([("a", None, None, "4.900", None)] * 3, {}, "double")
@example([("a", str(2**62), str(2**62), "0.001", "0.1")] * 2, {}, "decimal")
@example([("a", str(LARGEST_INTEGER), "1", "999999999999.999", "99999999999999.9")], {"kind": "a"}, "double")
@example([("a", "3037000500", "3037000500", "1.000", "1.0")], {}, "more places")
@example(
    [("a", str(-LARGEST_INTEGER), "-1", "-0.001", "-0.1"), (None, "1", "1", "0.001", "0.1")], {}, "decimal"
)
def test_every_measure_is_what_fractions_say_or_is_refused(rows, where, numbers):
    known = [dict(zip((f["name"] for f in WIDE["fields"]), row, strict=True)) for row in rows]
    with duckdb.connect() as connection:
        for tables in on_both(rows, numbers, connection):
            for measure in measures(where):
                found, expected = answer(measure, tables), by_fractions(measure, known)
                assert found == expected or (found == REFUSED and could_pass(measure, known)), measure


def answer(measure: Measure, tables: SimpleNamespace) -> Fraction | str | None:
    try:
        return measure.compute(tables)
    except MeasureError:
        return REFUSED


def could_pass(measure: Measure, rows: list[dict]) -> bool:
    """Whether some order of adding, of numbers as large as the largest, passes int64."""
    parts = [
        getattr(measure, n)
        for n in ("new", "old", "part", "whole", "first", "second", "measure")
        if isinstance(getattr(measure, n, None), Measure)
    ]
    if parts:
        return any(could_pass(part, rows) for part in parts)
    scale = {"whole": 1, "fen": 1, "part": 10**DECIMALS, "weight": 10}
    columns = [c for c in (getattr(measure, "column", None), getattr(measure, "weight", None)) if c]
    rows = [
        r
        for r in rows
        if all(r[c] == v for c, v in measure.where.items()) and all(r[c] is not None for c in columns)
    ]
    largest = [max((abs(Fraction(r[c])) * scale[c] for r in rows), default=0) for c in columns]
    product = largest[0] * (largest[1] if len(largest) > 1 else 1) if largest else 0
    return len(rows) * max(product, *largest, 0) > LARGEST_INTEGER


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
@pytest.mark.parametrize(
    ("rows", "measure", "column"),
    [
        ([("a", True, 2**62, 1)] * 2, Total("t", "fen"), "fen"),
        ([("a", True, 2**62, 2)], WeightedMean("t", "fen", weight="heads"), "fen、heads"),
        ([("a", True, 2**62, 1), ("a", True, -(2**62), 1)], Total("t", "fen"), "fen"),
        ([("a", True, 1, 2**62)] * 2, WeightedMean("t", "fen", weight="heads"), "heads"),
    ],
    ids=["sum", "product", "parts that would cancel", "weights"],
)
def test_what_would_pass_int64_is_refused_by_name(engine, rows, measure, column):
    with in_duckdb(rows) as connection:
        tables = on_pandas(rows) if engine == "pandas" else relation(connection)
        with pytest.raises(MeasureError, match=f"表 t 的列 {column} 太大"):
            measure.compute(tables)


def test_a_decimal_is_added_as_it_was_written():
    frame = typed_frame(pd.DataFrame({"x": ["4.9", "4.9", "4.9"]}, dtype="string"), decimal_schema(1))
    assert total(Table("t", frame, "recorded", decimal_schema(1)), "x") == Fraction("14.7")


def decimal_schema(places: int | None, kind: str = "number") -> dict:
    return {"fields": [{"name": "x", "type": kind} | ({} if places is None else {"decimals": places})]}


@pytest.mark.parametrize(
    ("sql", "schema", "column", "said"),
    [
        ("4.95::DOUBLE", decimal_schema(1), "x", "x 有的数的小数位"),
        ("4.95::DECIMAL(9, 2)", decimal_schema(1), "x", "x 有的数的小数位"),
        ("4.9::DOUBLE", decimal_schema(None), "x", "x 是小数，字段没有写明 decimals"),
        ("4.5::DOUBLE", decimal_schema(None, "integer"), "x", "x 有的数的小数位"),
        ("1e15::DOUBLE", decimal_schema(1), "x", "x 有的数超过"),
        ("(2::HUGEINT ** 70)::HUGEINT", decimal_schema(None, "integer"), "x", "x 有的数超过"),
        ("'nan'::DOUBLE", decimal_schema(1), "x", "x 有的值不是数"),
        ("'inf'::DOUBLE", decimal_schema(1), "x", "x 有的值不是数"),
        ("'4'::VARCHAR", decimal_schema(None, "string"), "x", "x 不是数"),
        ("4", decimal_schema(None, "integer"), "y", "y 没有"),
    ],
)
def test_what_cannot_be_exact_is_refused_by_name(sql, schema, column, said):
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS SELECT {sql} AS x")
        with pytest.raises(MeasureError, match=f"表 t 的列 {said}"):
            Total("t", column).compute(relation(connection, schema))


@pytest.fixture(scope="module")
def registers():
    """The CSV files as DuckDB reads them, by its own guess of the types."""
    with duckdb.connect() as connection:
        for path in sorted((DATA / "registers").glob("*.csv")):
            connection.execute(
                f"CREATE TABLE {path.stem} AS SELECT * FROM read_csv(?, header = true)", [str(path)]
            )
        yield connection


def test_all_thirty_equal_the_oracle(tables, registers):
    sql = (ROOT / "tests" / "fixtures" / "oracle.sql").read_text(encoding="utf-8")
    answers = registers.execute(sql).fetchall()
    oracle = {figure_id: Fraction(int(n), int(d)) for figure_id, n, d in answers}
    assert len(answers) == len(oracle)
    assert {i: measure.compute(tables) for i, measure in figure_measures().items()} == oracle


def test_all_thirty_are_the_same_on_duckdb(tables, registers):
    class Relations:
        """The same tables, with DuckDB relations for frames."""

        def __getattr__(self, name):
            table = getattr(tables, name)
            return Table(name, registers.table(name), table.basis, table.schema)

    assert {i: measure.compute(Relations()) for i, measure in figure_measures().items()} == {
        i: measure.compute(tables) for i, measure in figure_measures().items()
    }
