"""What a county writes of its figures: how it comes out on a page, and how its mistakes are named."""

import html
import re
import shutil
from pathlib import Path

import pytest
from support.commands import refused_together, run_together
from support.miniature import make_miniature
from support.project import replace_once, run
from support.tables import read_rows, write_csv

FIGURES = """from figurebook.figures.measures import Count, Difference, PercentChange, Share, Total

FIGURES = (
    ("ponds.total", Count("ponds")),
    ("crews.depth", Total("crews", "depth")),
    ("ponds.share", Share(Count("ponds", where={"gauged": True}), Count("ponds"))),
    ("crews.longer", Difference(Total("crews", "metres"), Total("crews", "metres_before"))),
)
"""
REGISTERED = [
    ("crews.depth", "挖深合计", "14.8", "米", "exact", "crews"),
    ("ponds.share", "装水尺的比例", "66.7", "%", "rounded", "ponds"),
    ("crews.longer", "多修的长度", "210", "米", "exact", "crews"),
]
TWO_COUNTED = "数一数“水塘”表里“装了水尺”为“是”的行有多少", "数一数“水塘”表一共有多少行"
TWO_ADDED = "把“修渠队”表里各行的“当年修渠”加起来", "把“修渠队”表里各行的“上年修渠”加起来"
# What each page says: how, what comes out, and the declaration.
SHOWN = {
    "crews-depth": ("把“修渠队”表里各行的“挖深”加起来。算得 14.80 米。", 'Total("crews", "depth")'),
    "ponds-share": (
        "（{}）占（{}）的百分比。算得 66.67 %。".format(*TWO_COUNTED),
        'Share(Count("ponds", where={"gauged": True}), Count("ponds"))',
    ),
    "crews-longer": (
        "（{}）减去（{}）。算得 210 米。".format(*TWO_ADDED),
        'Difference(Total("crews", "metres"), Total("crews", "metres_before"))',
    ),
}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    """The miniature's project with its data sealed; nothing is built."""
    project = make_miniature(tmp_path_factory.mktemp("county") / "project")
    run(project, "seal")
    return project


@pytest.fixture
def copied(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "copy"))


def with_depths(project: Path, *cells: str, decimals: int | None = 1) -> None:
    """Give the crews a column of decimals, and the county three figures more."""
    register = project / "data" / "registers" / "crews.csv"
    head, *rows = read_rows(register)
    write_csv(register, [[*head, "depth"], *([*row, cell] for row, cell in zip(rows, cells, strict=True))])
    with (project / "data" / "registers" / "crews.yaml").open("a", encoding="utf-8") as manifest:
        manifest.write("  depth:\n    title: 挖深\n    type: number\n")
        manifest.write("" if decimals is None else f"    decimals: {decimals}\n")
    registry = project / "data" / "interview" / "figures.csv"
    rows = read_rows(registry)
    digest = rows[1][rows[0].index("quote_sha256")]
    more = [
        [i, "S01", label, i, value, unit, qualifier, "", "63", "66", digest, "depths", table, ""]
        for i, label, value, unit, qualifier, table in REGISTERED
    ]
    write_csv(registry, [*rows, *more])
    (project / "example_county" / "figures.py").write_text(FIGURES, encoding="utf-8")


def text_of(page: Path) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


def test_a_share_a_difference_and_decimals_go_all_the_way_to_a_page(copied):
    with_depths(copied, "4.9", "4.9", "4.9", "", "0.1")
    shutil.rmtree(copied / "notebooks")
    (copied / "notebooks").mkdir()
    replace_once(copied / "book" / "_toc.yml", "  - file: notebooks/01-ponds\n", "")
    run(copied, "seal")
    run(copied, "book", "--allow-differences")  # the other figures of the text have no measure here
    for page, (sentence, declaration) in SHOWN.items():
        told = text_of(copied / "_build" / "html" / "figures" / f"{page}.html")
        assert sentence in told
        assert declaration in told
        assert "相等" in told
    assert "平均每队人数：修渠队员 ÷ 修渠队 = 9.2 人" in text_of(
        copied / "_build" / "html" / "figures" / "crews-total.html"
    )


@pytest.mark.parametrize(
    ("file", "old", "new", "value", "told"),
    [
        ("figures", '"crews.total"', '"crews.members"', "crews.members", "一个数字只能有一种算法"),
        (
            "figures",
            'Count("crews")',
            'Count("crew")',
            "crews.total",
            'Count("crew")：数据包里没有表 crew。相近的有 crews',
        ),
        (
            "figures",
            'Total("crews", "members")',
            'Total("crews", "member")',
            "crews.members",
            'Total("crews", "member")：表 crews 没有这一列。相近的有 members',
        ),
        ("figures", '{"gauged": True}', '{"gaged": True}', "ponds.gauged", "没有这一列。相近的有 gauged"),
        ("figures", '{"gauged": True}', '{"gauged": "yes"}', "ponds.gauged", "不会有 'yes' 这个值"),
        ("figures", 'Count("crews")', "Count", "crews.total", "不是一种算法"),
        ("figures", 'Count("crews")', 'Count("ponds")', "crews.total", "登记说这个数字据表 crews"),
        (
            "derived_quantities",
            'FigureValue("crews.total")',
            'FigureValue("crews.totl")',
            "crews.members_per_crew",
            "所用的数字 crews.totl 没有登记",
        ),
    ],
    ids=["id twice", "table", "column", "condition", "value", "no measure", "another table", "derived"],
)
def test_a_mistake_in_a_definition_is_named(copied, file, old, new, value, told):
    replace_once(copied / "example_county" / f"{file}.py", old, new)
    said = run(copied, "verify", code=2)
    assert said.startswith(f"文件 example_county/{file}.py，")
    assert f"值 “{value}”" in said
    assert told in said
    assert len(said.splitlines()) == 1


def test_a_measure_of_a_figure_that_is_not_registered_is_named(copied):
    replace_once(copied / "example_county" / "figures.py", '"crews.total"', '"crews.totl"')
    for said in refused_together(copied, "verify", "book").values():
        assert "文件 example_county/figures.py，值 “crews.totl”" in said
        assert "ponds" not in said


def test_every_mistake_is_named_at_once(copied):
    definitions = copied / "example_county" / "figures.py"
    replace_once(definitions, '"crews.total"', '"crews.totl"')
    replace_once(definitions, 'Total("crews", "members")', 'Total("crews", "member")')
    assert len(run(copied, "verify", code=2).splitlines()) == 2


@pytest.mark.parametrize(
    ("cell", "decimals", "told"),
    [
        (
            "4.95",
            1,
            "文件 crews.csv，第 3 行，列 depth，值 “4.95”：超出允许的值（constraint）。"
            "要求：小数不多于 1 位，连小数不多于 15 位。",
        ),
        (
            "123456789012345.5",
            1,
            "文件 crews.csv，第 3 行，列 depth，值 “123456789012345.5”："
            "超出允许的值（constraint）。要求：小数不多于 1 位，连小数不多于 15 位。",
        ),
        (
            "4.9",
            None,
            "文件 example_county/figures.py，列 depth，值 “crews.depth”：类型不对（type）。"
            'Total("crews", "depth")：这一列是小数，数据包的说明里没有写 decimals',
        ),
        (
            "4.9",
            0,
            "文件 registers/crews.yaml：读不出（unreadable）。fields.depth.decimals：要是 1 到 15 的整数",
        ),
    ],
    ids=["more decimals than declared", "too many digits", "no decimals declared", "decimals of nothing"],
)
def test_decimals_that_cannot_be_added_exactly_are_refused(copied, cell, decimals, told):
    with_depths(copied, "4.9", "4.8", "4.9", "", "0.1", decimals=decimals)
    if decimals == 0:
        said = run(copied, "seal", code=2)
    else:
        run(copied, "seal")
        replace_once(copied / "data" / "registers" / "crews.csv", ",4.8\n", f",{cell}\n")
        said = run(copied, "verify", code=2)
    assert told in said
    assert len(said.splitlines()) == 1


def test_decimals_of_own_tables_are_checked(copied, tmp_path):
    with_depths(copied, "4.9", "4.9", "4.9", "", "0.1")
    run(copied, "seal")
    head, *rows = read_rows(copied / "data" / "registers" / "crews.csv")
    rows[2][-1] = "4.95"
    (tmp_path / "own").mkdir()
    write_csv(tmp_path / "own" / "crews.csv", [head, *rows])
    told = run_together(copied, f"check {tmp_path / 'own'}", f"verify --data {tmp_path / 'own'}")
    for said in told.values():
        assert said.code == 2
        assert "Traceback" not in said.error
        for part in ("第 4 行", "小数不多于 1 位", "4.95"):
            assert part in said.out + said.error
