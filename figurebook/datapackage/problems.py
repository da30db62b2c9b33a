"""Report what is wrong with an input, in one shape for every reader.

A ``Problem`` names file, sheet, row, column and value, so that a clerk can find the cell. ``TablesError``
carries all problems at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from figurebook.errors import FigurebookError

RULES_ZH = {
    "missing-file": "缺文件",
    "unknown-file": "不认识的文件",
    "unreadable": "读不出",
    "encoding": "编码不对",
    "missing-column": "缺列",
    "extra-column": "多出的列",
    "duplicate-column": "列名重复",
    "type": "类型不对",
    "constraint": "超出允许的值",
    "duplicate-key": "键重复",
    "foreign-key": "外键对不上",
    "row-shape": "单元格个数不对",
    "refused": "规则不许",
    "too-large": "太大",
    "name": "名称不许",
    "changed": "读的时候变了",
    "duplicate-sheet": "工作表重名",
    "agreement": "应一致而不一致",
    "total-row": "混入的合计行",
    "not-a-record": "不是登记的行",
    "unit": "单位可疑",
    "sha256": "与登记的摘要不符",
    "unlisted": "没有登记的文件",
    "outdated": "说明改过",
    "personal": "疑似个人信息",
}


@dataclass(frozen=True)
class Problem:
    """One fault in one place. ``row`` counts lines from 1, the header being row 1."""

    file: str
    rule: str
    message: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [f"文件 {self.file}"]
        if self.sheet:
            place.append(f"工作表 {self.sheet}")
        if self.row is not None:
            place.append(f"第 {self.row} 行")
        if self.column:
            place.append(f"列 {self.column}")
        if self.value is not None:
            place.append(f"值 {shorten(self.value)}")
        where = "，".join(place)
        rule = f"{RULES_ZH[self.rule]}（{self.rule}）"
        return f"{where}：{rule}。{self.message}"


def shorten(value: str, limit: int = 60) -> str:
    """A value as it can be shown on one line: quoted, control characters escaped, cut."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in str(value))
    return f"“{text if len(text) <= limit else text[:limit] + '…'}”"


class TablesError(FigurebookError):
    """The tables cannot be used; ``problems`` says why, one entry for each fault."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems
