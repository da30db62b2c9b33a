"""Cells that were made one: what the others meant is asked for, in columns that may be empty as well."""

from support.given import PACKAGE, ours
from support.workbooks import workbook

from figurebook.office.accept import check_office_files

HEAD = ["编号", "类别", "乡镇代码", "村代码"]
VILLAGES = ["610626001203", "610626001204", "610626001206", "610626001207"]
TOWNSHIP = "610626001"


def told(tmp_path, *ranges, rows=None, head=HEAD, title=(), name="服务设施"):
    """(row, column, rule) of each fault of a table in which these ranges are merged."""
    body = rows or [[f"F{i}", "village_point", TOWNSHIP, v] for i, v in enumerate(VILLAGES)]

    def merge(book):
        for cells in ranges:
            book[name].merge_cells(cells)

    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook([*title, head, *body], names=[name], change=merge))
    _, problems = check_office_files(path, PACKAGE, ours)
    assert all("请取消合并，每行都填" in p.message for p in problems)
    return [(p.row, p.column, p.rule) for p in problems]


def test_a_column_that_may_be_empty_must_not_be_merged(tmp_path):
    assert told(tmp_path) == []
    assert told(tmp_path, "C2:C4") == [(3, "乡镇代码", "constraint"), (4, "乡镇代码", "constraint")]


def test_each_range_is_told_and_the_cells_between_are_not(tmp_path):
    assert [row for row, _, _ in told(tmp_path, "C2:C3", "C4:C5")] == [3, 5]


def test_a_range_over_several_columns_leaves_all_but_its_first_cell_empty(tmp_path):
    assert told(tmp_path, "C2:D3") == [
        (3, "乡镇代码", "constraint"),
        (2, "村代码", "constraint"),
        (3, "村代码", "constraint"),
    ]


def test_a_range_with_nothing_in_it_means_nothing(tmp_path):
    rows = [[f"F{i}", "county_station", None, None] for i in range(3)]
    rows.append(["F9", "township_centre", TOWNSHIP, None])
    assert told(tmp_path, "C2:C4", rows=rows) == []


def test_a_range_that_begins_above_the_records_is_no_value_of_theirs(tmp_path):
    rows = [["F1", "county_station", None, None]]
    assert told(tmp_path, "D1:D2", rows=rows) == []
    assert told(tmp_path, "A1:D2", "C3:C4", rows=rows, title=[["服务设施"], []]) == []


def test_rows_that_are_left_out_do_not_shift_the_range(tmp_path):
    rows = [
        ["F1", "village_point", TOWNSHIP, VILLAGES[0]],
        [],
        ["F2", "village_point", None, VILLAGES[1]],
        ["合计", None, None, None],
    ]
    assert told(tmp_path, "C2:C4", rows=rows) == [(4, "乡镇代码", "constraint")]
