"""The verbs give one answer on pandas, on DuckDB and in SQL that shares no code with either."""

from fractions import Fraction
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wuqi.aggregate import DecimalColumnError, Ratio, count, only, percent_change, total, weighted_mean
from wuqi.computations import computations
from wuqi.tables import DATA, Table

SCHEMA = {"fields": [{"name": "kind", "type": "string"}, {"name": "flag", "type": "boolean"},
                     {"name": "fen", "type": "integer", "unit": "fen"},
                     {"name": "heads", "type": "integer"}]}
DTYPES = {"kind": "string", "flag": "boolean", "fen": "Int64", "heads": "Int64"}
ROWS = st.lists(st.tuples(
    st.sampled_from([None, "a", "b"]), st.sampled_from([None, True, False]),
    st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 30)), max_size=12)
# (call, the same in SQL as numerator and denominator; sums over no rows are NULL)
VERBS = {
    "count": (lambda t: count(t), "SELECT count(*), 1 FROM t"),
    "count where true": (lambda t: count(t, flag=True), "SELECT count(*), 1 FROM t WHERE flag"),
    "count where false": (lambda t: count(t, flag=False), "SELECT count(*), 1 FROM t WHERE NOT flag"),
    "count where both": (lambda t: count(t, kind="a", flag=True),
                         "SELECT count(*), 1 FROM t WHERE flag AND kind = 'a'"),
    "total": (lambda t: total(t, "heads"), "SELECT sum(heads), 1 FROM t"),
    "total of money": (lambda t: total(t, "fen", kind="b"), "SELECT sum(fen), 100 FROM t WHERE kind = 'b'"),
    "weighted mean": (
        lambda t: weighted_mean(t, "heads", weight="heads"), "SELECT sum(heads * heads), sum(heads) FROM t"),
    "weighted mean of money": (
        lambda t: weighted_mean(t, "fen", weight="heads", flag=True),
        "SELECT sum(fen * heads), 100 * sum(heads) FROM t WHERE flag AND fen IS NOT NULL"),
    "only": (lambda t: only(t, "fen", kind="a"),
             "SELECT CASE count(fen) WHEN 1 THEN max(fen) END, 100 FROM t WHERE kind = 'a'"),
}


def on_pandas(rows: list[tuple]) -> Table:
    columns = zip(*rows, strict=True) if rows else [[]] * 4
    frame = pd.DataFrame({name: pd.array(list(cells), dtype=dtype) for (name, dtype), cells
                          in zip(DTYPES.items(), columns, strict=True)})
    return Table("t", frame, "recorded", SCHEMA)


def in_duckdb(rows: list[tuple]) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t (kind VARCHAR, flag BOOLEAN, fen BIGINT, heads BIGINT)")
    if rows:
        places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
        connection.execute(f"INSERT INTO t VALUES {places}", [cell for row in rows for cell in row])
    return connection


def asked(connection: duckdb.DuckDBPyConnection, sql: str) -> Fraction | None:
    [(numerator, denominator)] = connection.execute(sql).fetchall()
    return Fraction(numerator, denominator) if numerator is not None and denominator else None


@given(ROWS)
@example([])
@example([(None, None, None, None)])
@example([("a", True, 0, 0)])
@example([("a", True, 10**9, 30)] * 12)
def test_each_verb_says_the_same_on_every_engine(rows):
    with in_duckdb(rows) as connection:
        relation = Table("t", connection.table("t"), "recorded", SCHEMA)
        frame = on_pandas(rows)
        for name, (verb, sql) in VERBS.items():
            expected = asked(connection, sql)
            assert verb(frame).value == expected, name
            assert verb(relation).value == expected, name


@pytest.mark.parametrize("engine", ["pandas", "duckdb"])
def test_sums_beyond_what_a_float_holds_are_exact(engine):
    big = 2**53 + 1
    rows = [("a", True, big, 1), ("b", True, None, 5)]
    with in_duckdb(rows) as connection:
        table = on_pandas(rows) if engine == "pandas" else Table("t", connection.table("t"), "x", SCHEMA)
        for ratio in (total(table, "fen"), only(table, "fen", kind="a"),
                      weighted_mean(table, "fen", weight="heads")):
            assert ratio == Ratio(big, 100)
            assert {type(part) for part in ratio} == {int}


@pytest.mark.parametrize("verb", [
    lambda t: total(t, "fen", kind="none such"),
    lambda t: weighted_mean(t, "fen", weight="heads", kind="none such"),
    lambda t: weighted_mean(t, "fen", weight="heads", kind="a"),
    lambda t: only(t, "fen", kind="none such"),
    lambda t: only(t, "fen", kind="b"),
    lambda t: total(t, "heads", kind="c"),
], ids=["no row", "no row to weigh", "weights of 0", "not one", "two for one", "only missing"])
def test_where_there_is_nothing_there_is_no_value(verb):
    rows = [("a", True, 7, 0), ("b", True, 1, 1), ("b", True, 1, 1), ("c", True, 1, None)]
    assert verb(on_pandas(rows)).value is None
    with in_duckdb(rows) as connection:
        assert verb(Table("t", connection.table("t"), "recorded", SCHEMA)).value is None


@pytest.mark.parametrize("verb", [
    lambda t: total(t, "tonnes"), lambda t: only(t, "tonnes", kind="a"),
    lambda t: weighted_mean(t, "tonnes", weight="heads"),
    lambda t: weighted_mean(t, "heads", weight="tonnes")], ids=["total", "only", "mean", "weight"])
def test_decimals_are_refused_by_name_and_never_cut(verb):
    """4.9 + 4.9 + 4.9 was once published as 14."""
    frame = pd.DataFrame({"kind": pd.array(["a", "b", "b"], dtype="string"),
                          "tonnes": pd.array([4.9, 4.9, 4.9], dtype="Float64"),
                          "heads": pd.array([1, 1, 1], dtype="Int64")})
    schema = {"fields": [{"name": "kind", "type": "string"}, {"name": "tonnes", "type": "number"},
                         {"name": "heads", "type": "integer"}]}
    table = Table("wells", frame, "recorded", schema)
    with pytest.raises(DecimalColumnError, match="表 wells 的 tonnes 列是小数"):
        verb(table)
    assert total(table, "heads") == Ratio(3, 1)
    assert count(table, tonnes=4.9) == Ratio(3, 1)


@given(st.fractions(0, 10**6), st.fractions(0, 10**6))
@example(Fraction(4500), Fraction(3950))
@example(Fraction(1), Fraction(0))
def test_percent_change_is_exact(new, old):
    change = percent_change(Ratio(*new.as_integer_ratio()), Ratio(*old.as_integer_ratio())).value
    assert change == (None if old == 0 else 100 * (new - old) / old)


@pytest.mark.parametrize(("new", "old"), [((0, 0), (1, 1)), ((1, 1), (0, 0)), ((0, 0), (0, 0))])
def test_percent_change_of_no_value_is_no_value(new, old):
    assert percent_change(Ratio(*new), Ratio(*old)).value is None


@pytest.fixture(scope="module")
def registers():
    """The CSV files as DuckDB reads them, by its own guess of the types."""
    with duckdb.connect() as connection:
        for path in sorted((DATA / "registers").glob("*.csv")):
            connection.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM read_csv(?, header = true)",
                               [str(path)])
        yield connection


def test_all_thirty_equal_the_oracle(tables, registers):
    sql = (Path(__file__).parent / "oracle.sql").read_text(encoding="utf-8")
    answers = registers.execute(sql).fetchall()
    oracle = {figure_id: Fraction(int(n), int(d)) for figure_id, n, d in answers}
    assert len(answers) == len(oracle) == 30
    assert {i: compute(tables).value for i, compute in computations().items()} == oracle


def test_all_thirty_are_the_same_on_duckdb(tables, registers):
    class Relations:
        """The same tables, with DuckDB relations for frames."""

        def __getattr__(self, name):
            table = getattr(tables, name)
            return Table(name, registers.table(name), table.basis, table.schema)

    assert {i: compute(Relations()) for i, compute in computations().items()} == {
        i: compute(tables) for i, compute in computations().items()}
