"""Another county's book, end to end: its text, figures, registers and pages, and nothing of ours in it."""

import csv
import html
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from support.commands import run_together
from support.miniature import MINIATURE, TEXT, make_miniature
from support.project import DATA, ROOT, contents, replace_once, run
from support.tables import read_rows, write_csv

from figurebook.datapackage.bases import BASES
from figurebook.datapackage.descriptor import ROLES
from figurebook.datapackage.manifest_keys import FIELD_KEYS, PACKAGE_KEYS, TABLE_KEYS

LABELS = {"水塘", "装了水尺的水塘", "修渠队", "修渠队员", "修渠长度", "修渠长度的增长"}
# What of ours another county's book must not say; a word that any book may use says nothing of ours.
OUR_COLUMNS = {
    "interview/figures.csv": ("id", "label_zh", "label_en"),
    "interview/terms.csv": ("term",),
    "interview/systems.csv": ("term", "slug"),
    "interview/parts.csv": ("part",),
    "published/divisions_2016.csv": ("code", "name", "township_name"),
    "published/publications.csv": ("id", "title"),
    "interview/periods.csv": ("id",),
}
ANYBODYS = {"一个", "selection", "now", "recent"}


def our_words() -> set[str]:
    """Names, titles and numbers of this book's county, read from its tables and settings."""
    found = {"吴起", "县委", "党委书记", "十八项"}
    for file, columns in OUR_COLUMNS.items():
        head, *rows = read_rows(DATA / file)
        found |= {row[head.index(c)] for row in rows for c in columns}
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8")
    found |= set(re.findall(r"(?m)^(?:title|author): (.+)$", settings))
    return found - ANYBODYS - {""}


def ours_in(folder: Path) -> dict[str, list[str]]:
    """``{file: our words in it}`` of every file, whatever its kind; names of files count as well."""
    words = our_words()
    found = {
        name: [w for w in words if w in f"{name}\n{content.decode(errors='replace')}"]
        for name, content in contents(folder).items()
    }
    return {name: hits for name, hits in found.items() if hits}


@pytest.fixture(scope="module")
def county(tmp_path_factory) -> Path:
    """The miniature's project with its data sealed, its notebook run and its site built."""
    project = make_miniature(tmp_path_factory.mktemp("county") / "project")
    run(project, "seal")
    assert "做好了" in run(project, "book")
    run(project, "seal")  # what the notebook reads is known only now
    return project


@pytest.fixture
def copied(county: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(county, tmp_path / "copy", ignore=shutil.ignore_patterns("_build")))


@pytest.fixture(scope="module")
def site(county: Path) -> Path:
    return county / "_build" / "html"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A register of the county's own: two crews have exchanged a member."""
    head, *rows = read_rows(MINIATURE / "data" / "registers" / "crews.csv")
    members = head.index("members")
    rows[0][members], rows[1][members] = "9", "8"
    folder = tmp_path / "own"
    folder.mkdir()
    write_csv(folder / "crews.csv", [head, *rows], "gb18030")
    return folder


@pytest.fixture(scope="module")
def told(county: Path) -> dict[str, str]:
    """What commands that change nothing of the finished book say, asked in one process."""
    commands = ("verify --json", f"trace {TEXT} --json", "refresh", "registers", "seal --check")
    answers = run_together(county, *commands)
    assert [said.code for said in answers.values()] == [0] * len(commands)
    return {command.split()[0]: said.out + said.error for command, said in answers.items()}


def test_all_six_figures_come_out_as_the_text_says(told):
    told = json.loads(told["verify"])
    assert {f["id"]: (f["claimed"], f["computed"], f["result"]) for f in told["figures"]} == {
        "ponds.total": (12, 12, "reproduced"),
        "ponds.gauged": (8, 8, "reproduced"),
        "crews.total": (5, 5, "reproduced"),
        "crews.members": (46, 46, "reproduced"),
        "crews.metres": (1260, 1260, "reproduced"),
        "crews.growth": (20, 20, "reproduced"),
    }


def test_every_numeral_of_the_text_is_accounted_for(told):
    assert json.loads(told["trace"]) == {
        "counts": {"figure": 6, "period": 1, "term": 5},
        "is_registered_text": True,
        "findings": [],
    }


def test_a_numeral_that_is_not_registered_is_found(county, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text(TEXT.read_text(encoding="utf-8").replace("往后", "另有7口井，往后"), encoding="utf-8")
    assert "多出没有登记的“7”" in run(county, "trace", str(text), code=1)


def test_notebooks_registers_and_site_are_up_to_date(told):
    assert "重新执行 0 本" in told["refresh"]
    assert told["registers"] == "没有要重写的登记表。\n"
    assert told["seal"] == ("datapackage.json 与各表的说明相同，各文件与登记的摘要相同，“用于”与实际相同。\n")


def test_every_figure_has_its_page_and_its_place(site):
    pages = {p.stem: p.read_text(encoding="utf-8") for p in (site / "figures").glob("*.html")}
    titles = {re.search(r"<h1>(.*?)<", page)[1] for page in pages.values()}
    assert titles == LABELS
    for page in ("index.html", "book/register.html", "search-index.js", "figures.csv"):
        text = (site / page).read_text(encoding="utf-8-sig")
        assert [label for label in LABELS if label not in text] == [], page
    home = (site / "index.html").read_text(encoding="utf-8")
    assert "示例县" in home
    assert "<title>六个数字</title>" in home
    assert "练习组 · 版本 1.0" in home
    cited = pages["crews-metres"]
    assert "为测试编写的练习文，说的是虚构的示例县）。《六个数字》版本 1.0 的判定" in cited
    assert "<code>example_county/figures.py</code>" in cited
    assert "怎样读判定" not in cited  # a page that this county has not written


def test_the_site_says_nothing_of_ours(site):
    assert len(our_words()) > 300
    assert ours_in(site) == {}


@pytest.mark.parametrize("word", ["吴起街道办事处", "贫困人口", "poverty.persons", "三十个数字"])
@pytest.mark.parametrize("name", ["search-index.js", "figures.csv", "_static/site.css", "new/file.bin"])
def test_a_word_of_ours_would_be_found(site, tmp_path, word, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    before = (site / name).read_bytes() if (site / name).is_file() else b"\xff"
    (tmp_path / name).write_bytes(before + word.encode())
    assert word in ours_in(tmp_path)[name]


def test_its_own_register_is_checked_and_put_in(county, own, tmp_path):
    run(county, "check", str(own))
    told = json.loads(run(county, "verify", "--data", str(own), "--json"))
    assert {f["id"]: f["basis"] for f in told["figures"]} == {
        i: "recorded" if i.startswith("crews") else "illustrative"
        for i in (
            "ponds.total",
            "ponds.gauged",
            "crews.total",
            "crews.members",
            "crews.metres",
            "crews.growth",
        )
    }
    out = tmp_path / "site"
    run(county, "book", "--data", str(own), "--out", str(out))
    rows = {r["id"]: r for r in csv.DictReader(io.StringIO((out / "figures.csv").read_text("utf-8-sig")))}
    assert rows["crews.members"]["basis"] == "recorded"
    assert "实际登记" in (out / "notebooks" / "01-ponds.html").read_text(encoding="utf-8")
    assert ours_in(out) == {}


def test_its_own_register_is_refused_as_ours_is(county, own, tmp_path):
    """No such pond, no number, the same key twice."""
    rows = {"C9,P99,8,200,240": "P99", "C9,P02,many,200,240": "many", "C1,P02,8,200,240": "C1"}
    folders = [tmp_path / f"own{n}" for n in range(len(rows))]
    for folder, row in zip(folders, rows, strict=True):
        shutil.copytree(own, folder)
        with (folder / "crews.csv").open("a", encoding="gb18030") as file:
            file.write(row + "\n")
    told = run_together(county, *(f"check {folder}" for folder in folders))
    for said, value in zip(told.values(), rows.values(), strict=True):
        assert said.code == 2
        assert value in said.out
        assert "crews.csv" in said.out


def test_a_register_that_was_changed_is_caught(copied):
    replace_once(copied / "data" / "registers" / "ponds.csv", "P08,true", "P08,false")
    assert "ponds.gauged" in run(copied, "verify", code=1)
    assert "registers/ponds.csv" in run(copied, "seal", "--check", code=1)
    assert "registers/ponds.csv" in run(copied, "book", code=1)
    assert not (copied / "_build" / "html").exists()


def test_what_is_missing_is_said_and_not_computed(copied):
    """A table that is not there, a definition that is not there, a number too large to be added."""
    figures = copied / "data" / "interview" / "figures.csv"
    replace_once(figures, ",ponds,\nponds.gauged", ",wells,\nponds.gauged")
    definitions = copied / "example_county" / "figures.py"
    replace_once(definitions, '    ("crews.total", Count("crews")),\n', "")
    manifest = copied / "data" / "registers" / "crews.yaml"
    unbounded = re.sub(r"(?m)^ *maximum: .*\n", "", manifest.read_text(encoding="utf-8"))
    manifest.write_text(unbounded, encoding="utf-8")
    for row in ("C1,P01,8", "C2,P03,9"):  # two numbers whose sum passes int64
        replace_once(copied / "data" / "registers" / "crews.csv", row, f"{row[:-1]}{2**62}")
    without_notebooks(copied)
    run(copied, "seal")
    reasons = {
        "ponds-total": "数据包里没有表 wells",
        "crews-total": "没有登记计算方法",
        "crews-members": "Total(&#34;crews&#34;, &#34;members&#34;)：表 crews 的列 members 太大",
    }
    told, refused = run_together(copied, "verify", "book").values()
    assert (told.code, refused.code) == (1, 1)
    assert [reason for reason in reasons.values() if html.unescape(reason) not in told.out] == []
    for line in (
        "水塘（ponds.total）：所述 12 口，算不出：数据包里没有表 wells（表 wells）",
        "修渠队（crews.total）：所述 5 支，算不出：没有登记计算方法（表 修渠队）",
    ):
        assert line in refused.error
    assert "--allow-differences" in refused.error
    assert not (copied / "_build" / "html").exists()
    run(copied, "book", "--allow-differences")
    for page, reason in reasons.items():
        text = (copied / "_build" / "html" / "figures" / f"{page}.html").read_text(encoding="utf-8")
        assert f"算不出：{reason}" in text


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("CITATION.cff", "abstract:", "summary:", "abstract"),
        ("data/interview/source.json", '"cited_as"', '"called"', "cited_as"),
    ],
)
def test_a_book_that_does_not_say_what_it_is_of_is_refused_before_it_is_built(copied, file, old, new, key):
    replace_once(copied / file, old, new)
    run(copied, "seal")
    said = run(copied, "book", code=2)
    assert f"文件 {file.removeprefix('data/')}" in said
    assert key in said
    assert "排版" not in said
    if "source" in file:
        assert key in run(copied, "trace", str(TEXT), code=2)


def test_what_was_never_recorded_is_said_and_recorded(copied):
    path = copied / "data" / "datapackage.json"
    before = path.read_bytes()
    package = json.loads(path.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["usedBy"], resource["hash"]
    path.write_text(json.dumps(package), encoding="utf-8")
    assert "还没有登记" in run(copied, "seal", "--check", code=1)
    run(copied, "seal")
    assert path.read_bytes() == before


def test_what_rests_on_no_reconstruction_is_not_said_to(copied):
    assert "不能当证据" in run(copied, "verify")
    path = copied / "data" / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"basis": "illustrative"', '"basis": "recorded"'), encoding="utf-8")
    assert "不能当证据" not in run(copied, "verify")


def without_notebooks(project: Path) -> None:
    """A book that needs no kernel."""
    shutil.rmtree(project / "notebooks")
    replace_once(project / "book" / "_toc.yml", "  - file: notebooks/01-ponds\n", "")


def wrong_pond(project: Path) -> None:
    """A register that the county sealed itself and that does not bear its text out."""
    replace_once(project / "data" / "registers" / "ponds.csv", "P08,true", "P08,false")
    run(project, "seal")


def test_a_difference_is_in_plain_sight_or_not_published(copied):
    without_notebooks(copied)
    wrong_pond(copied)
    assert "装了水尺的水塘（ponds.gauged）：所述 8 口，算得 7 口（表 水塘）" in run(copied, "book", code=1)
    home = copied / "book" / "home.md"
    with_it = home.read_text(encoding="utf-8")
    home.write_text(with_it.replace("```{differences}\n```\n", ""), encoding="utf-8")
    said = run(copied, "book", "--allow-differences", code=1)
    assert "```{differences}" in said
    assert not (copied / "_build" / "html").exists()
    home.write_text(with_it, encoding="utf-8")
    run(copied, "book", "--allow-differences")
    told = (copied / "_build" / "html" / "index.html").read_text(encoding="utf-8")
    assert "有 1 个数字与访谈所述不等或算不出" in told


def test_a_county_may_have_no_notebooks(copied, own):
    """With own tables; without any, the tests above make such a book."""
    without_notebooks(copied)
    run(copied, "seal")
    run(copied, "book", "--data", str(own))
    assert (copied / "_build" / "html" / "index.html").is_file()


def test_the_page_names_all_that_a_page_can_hold_and_all_that_a_table_says():
    told = (ROOT / "book" / "another-county.md").read_text(encoding="utf-8")
    code = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "figurebook" / "site").rglob("*.py"))
    written = set(re.findall(r"class (\w+)\((?:SphinxDirective|SphinxRole|_OfSystem)\)", code))
    names = {n for n, made in re.findall(r'\("([a-z-]+)", ([A-Z]\w+)', code) if made in written}
    assert {"differences", "system-card", "num", "verdict"} <= names
    assert [n for n in sorted(names) if f"{{{n}}}" not in told] == []
    assert [c for c, (word, _) in BASES.items() if f"`{c}` {word}" not in told] == []
    keys = {*PACKAGE_KEYS, *TABLE_KEYS, *FIELD_KEYS}
    ours = {"maker"}  # of our registers only
    assert [k for k in sorted(keys - ours) if f"`{k}`" not in told] == []
    assert [role for role in ROLES if f"`{role}`" not in told] == []
