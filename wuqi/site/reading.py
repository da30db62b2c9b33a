"""A figure's computation for people: its lines of code, and the same said in Chinese.

The sentence is read off the code (the verbs of ``wuqi.aggregate`` and the titles of the tables'
fields), so that it cannot say something else.
"""

from __future__ import annotations

import ast
import inspect
import textwrap

from wuqi.computations import computations
from wuqi.tables import NoTableError, Tables
from wuqi.words import code_words


def code(figure_id: str) -> str:
    """The function that computes a figure, as it stands in ``wuqi/figures.py``; "" if there is none."""
    if figure_id not in computations():
        return ""
    return textwrap.dedent(inspect.getsource(computations()[figure_id])).rstrip()


def sentence(figure_id: str, tables: Tables) -> str:
    """What the function does, in one Chinese sentence; ValueError for a verb that has no words."""
    if figure_id not in computations():
        return "没有登记计算方法。"
    function = ast.parse(code(figure_id)).body[0]
    try:
        return _say(function.body[-1].value, tables) + "。"
    except NoTableError as error:
        return f"{error}。"


def _say(call: ast.Call, tables: Tables) -> str:
    verb = call.func.id
    if verb == "percent_change":
        new, old = (_say(a, tables) for a in call.args)
        return f"（{new}）比（{old}）增长的百分比"
    name = call.args[0].attr
    given = {k.arg: ast.literal_eval(k.value) for k in call.keywords}
    weight = given.pop("weight", None)
    rows = "、".join(_condition(name, column, value, tables) for column, value in given.items())
    table = f"“{tables.resource(name)['title']}”表"
    if verb == "count":
        return f"数一数{table}里{rows}的行有多少" if rows else f"数一数{table}一共有多少行"
    place = f"{table}里{rows}的行" if rows else f"{table}里各行"
    column = _title(name, ast.literal_eval(call.args[1]), tables)
    if verb == "total":
        return f"把{place}的“{column}”加起来"
    if verb == "weighted_mean":
        by = _title(name, weight, tables)
        return f"把{place}的“{column}”乘以“{by}”，加起来，再除以“{by}”之和"
    if verb == "only":
        return f"取{place}（只有一行）的“{column}”"
    raise ValueError(f"{verb} has no words")


def _field(table: str, column: str, tables: Tables) -> dict:
    return next(f for f in tables.resource(table)["schema"]["fields"] if f["name"] == column)


def _title(table: str, column: str, tables: Tables) -> str:
    return _field(table, column, tables)["title"]


def _condition(table: str, column: str, value, tables: Tables) -> str:
    """``“类别”为 活动阵地（activity_site）``; the words for a code are its field's categories."""
    if isinstance(value, bool):
        told = "“是”" if value else "“否”"
    else:
        known = code_words(_field(table, column, tables))
        told = f"“{known[value]}”（{value}）" if value in known else f" {value} "
    return f"“{_title(table, column, tables)}”为{told}"
