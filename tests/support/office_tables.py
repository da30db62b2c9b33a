"""Make a full set of an office's tables without the code under test.

The counts are those of the interview, but they are made in another way than the book's own reconstruction.
Identifiers, allotment to villages and households are others, so no row is one of ours. Only the codes of
villages and townships are read from the national list in the package. The tables are in readers' words:
Chinese headings, money in yuan, 是 and 否. No value belongs to anybody: identifiers are made of numbers.

``python tests/support/office_tables.py FOLDER`` writes the workbook and the CSV files to look at.
"""

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl

REGISTERS = Path(__file__).resolve().parents[2] / "data" / "registers"
OFFICE, DATE = "示例单位（测试用）", "2017-12-31"
Rows = list[list]


def _codes(name: str) -> list[dict]:
    with (REGISTERS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain_id(table: str, n: int) -> str:
    """The default value in a personal column."""
    return f"{table}#{n:05}"


def office_tables(personal: Callable[[str, int], str] = plain_id) -> dict[str, Rows]:
    """``{Chinese title: rows, heading first}``; ``personal`` makes what stands in a personal column."""
    villages, townships = _codes("villages"), _codes("townships")
    code = [v["code"] for v in reversed(villages)]
    every = len(code)
    tables: dict[str, Rows] = {
        "乡镇": [["名称", "代码"], *([t["name"], t["code"]] for t in reversed(townships))],
        "行政村": [
            ["代码", "乡镇代码", "名称"],
            *([v["code"], v["township_code"], v["name"]] for v in reversed(villages)),
        ],
        "县直部门党委": [
            ["编号", "党委已换届"],
            *([f"局{n:02}", "是" if n < 15 else "否"] for n in range(22)),
        ],
        "产业示范点": [["编号", "村代码"], *([f"点{n:03}", code[n * 7 % every]] for n in range(346))],
        "示范户": [["编号", "村代码"], *([personal("示范户", n), code[n * 11 % every]] for n in range(684))],
        "四型党组织": [
            ["编号", "领域"],
            *([f"组{n:02}", _FIELDS[n % 4 if n < 40 else 0]] for n in range(56)),
        ],
        "四型党员": [
            ["编号", "领域"],
            *([personal("四型党员", n), _FIELDS[n % 4 if n < 80 else 0]] for n in range(184)),
        ],
        "农村党支部": [
            ["编号", "村代码", "党员数", "2016 年参加评议"],
            *([f"支{n:02}", c, 40 + n % 11, "是"] for n, c in enumerate(code)),
        ],
        "软弱涣散组织": [
            ["编号", "村代码", "已整顿转化"],
            *([f"弱{n:02}", "", "是" if n < 11 else "否"] for n in range(13)),
        ],
        "经费标准": [
            ["项目", "金额（元）", "对象", "周期"],
            ["department", 50000, "department_committee", "year"],
            ["village", "20,000", "village", "year"],
            ["community", "8万", "community", "year"],
            ["village_increase", 10000, "village", "year"],
            ["community_increase", 20000, "community", "year"],
            ["training", "100万", "county", "year"],
            ["first_secretary_day", 50, "first_secretary", "day"],
        ],
        "服务设施": [["编号", "类别", "乡镇代码", "村代码"], *_facilities(villages, townships)],
        "第一书记": [
            ["编号", "村代码", "已投保"],
            *([personal("第一书记", n), c, "是"] for n, c in enumerate(code)),
        ],
        "贫困户": [
            ["编号", "村代码", "人数", "2015 年人均收入（元）", "2016 年人均收入（元）"],
            *([personal("贫困户", n), code[n * 13 % every], *rest] for n, rest in enumerate(_households())),
        ],
        "干部使用": [
            ["编号", "类别"],
            *(
                [personal("干部使用", n), kind]
                for n, kind in enumerate(
                    ["promoted"] * 41
                    + ["important_post"] * 31
                    + ["first_secretary_promoted"] * 6
                    + ["adjusted"] * 3
                )
            ),
        ],
    }
    return tables


_FIELDS = ("rural", "agency", "community", "nonpublic")


def _facilities(villages: list[dict], townships: list[dict]) -> Rows:
    of = {v["code"]: v["township_code"] for v in villages}
    rows = [["activity_site", of[c], c] for c in sorted(of, reverse=True)[:56]]
    rows += [["village_point", t, c] for c, t in of.items()]
    for kind in ("township_centre", "mobile_centre"):
        rows += [[kind, t["code"], ""] for t in townships]
    rows += [["county_station", "", ""]] * 8
    return [[f"施{n:03}", *row] for n, row in enumerate(rows)]


def _households() -> Rows:
    """5,115 households of 13,540 persons, on average 4,500 yuan in 2016 and 3,950 in 2015.

    Pairs of households deviate from the averages in opposite directions.
    """
    persons = [2] * 1805 + [3] * 3310
    assert (len(persons), sum(persons)) == (5115, 13540)
    rows = []
    for n, size in enumerate(persons):
        # Neighbours of one size deviate alike, up and down; who has no neighbour does not deviate.
        first = 0 if size == 2 else 1805
        last = 1805 if size == 2 else 5115
        pair = (n - first) // 2
        alone = first + 2 * pair + 1 >= last
        off = 0 if alone else (150 + pair % 900) * (1 if (n - first) % 2 else -1)
        rows.append([size, f"{3950 + off:,}.00", 4500 + off])
    return rows


def write_workbook(path: Path, tables: dict[str, Rows]) -> Path:
    """One XLSX: a sheet with office and date, then the tables.

    Each table stands below a merged title and an empty row.
    """
    book = openpyxl.Workbook()
    book.active.title = "说明"
    for row in (["单位名称", OFFICE], ["数据日期", DATE]):
        book.active.append(row)
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        sheet.append([f"{title}登记表"])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[0]))
        sheet.append([])
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


def write_csv_folder(folder: Path, tables: dict[str, Rows], encoding: str = "gb18030") -> Path:
    """Write CSV files named after the tables, in the encoding that Excel uses in China."""
    folder.mkdir(parents=True, exist_ok=True)
    for title, rows in {"说明": [["单位名称", OFFICE], ["数据日期", DATE]], **tables}.items():
        with (folder / f"{title}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)
    return folder


if __name__ == "__main__":
    where = Path(sys.argv[1])
    write_workbook(write_csv_folder(where / "csv", office_tables()).parent / "tables.xlsx", office_tables())
