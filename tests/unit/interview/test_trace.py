"""Every change of a numeral is found, where it is and for what it is, on a text of our own."""

import hashlib

import pytest
from support.library import TEXT, package
from support.project import replace_once
from support.tables import figure_ids

from figurebook.datapackage.tables import Tables, TablesError
from figurebook.figures.registry import load_figures
from figurebook.interview.numerals import find_numerals
from figurebook.interview.trace import read_text, registered_items, source, trace


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return Tables.load(root=package(tmp_path_factory.mktemp("library")))


def test_the_text_itself_is_clean(library):
    account = trace(TEXT, library)
    assert account.findings == ()
    assert account.is_registered_text
    assert account.counts == {"figure": 8, "period": 2, "term": 9}
    assert sum(account.counts.values()) == len(find_numerals(TEXT))
    assert account.as_json() == {"counts": account.counts, "is_registered_text": True, "findings": []}


def test_items_are_the_registered_spans_in_order(library):
    items = registered_items(library)
    assert [i.start for i in items] == sorted(i.start for i in items)
    assert "last_year" not in {i.id for i in items}, "去年 holds no numeral"
    assert all(hashlib.sha256(TEXT[i.start : i.end].encode()).hexdigest() == i.quote_sha256 for i in items)


# old, new, then what is found: (kind, item, where the altered text has it, what stands there)
ALTERED = {
    "a digit": ("120个", "121个", [("changed", "shelves.old", "121个", "121")]),
    "a digit more": ("36个", "360个", [("changed", "shelves.added", "360个", "360")]),
    "a digit less": ("120个", "12个", [("changed", "shelves.old", "12个", "12")]),
    "the first digit": ("600多", "700多", [("changed", "readers.all", "700多", "700")]),
    "the point": ("7.5%", "75%", [("changed", "books.growth", "75%", "75")]),
    "after the point": ("7.5%", "7.6%", [("changed", "books.growth", "7.6%", "7.6")]),
    "the multiplier dropped": ("1.5万元", "1.5元", [("changed", "books.cost", "1.5元", "1.5")]),
    "the multiplier raised": ("1.5万元", "1.5亿元", [("changed", "books.cost", "1.5亿", "1.5亿")]),
    "another writing of the value": ("1.5万元", "15000元", [("unit", "books.cost", "15000元", "15000")]),
    "a zero behind the point": ("7.5%", "7.50%", [("unit", "books.growth", "7.50%", "7.50")]),
    "Arabic into Chinese": ("8个", "八个", [("changed", "boxes.all", "八个", "八")]),
    "full-width digits": ("8个", "８个", [("unit", "boxes.all", "８个", "８个")]),
    "a year": ("2031年", "2032年", [("changed", "y2031", "2032年", "2032")]),
    "a year's word": ("2030年", "2030届", [("unit", "y2030", "2030届", "2030届")]),
    "a Chinese numeral in a term": ("按“三层", "按“四层", [("changed", "floors", "四层", "四")]),
    "the second numeral of a term": ("两廊”的", "三廊”的", [("changed", "floors", "三廊", "三")]),
    "another numeral for the same number": ("两廊”的", "二廊”的", [("changed", "floors", "二廊", "二")]),
    "an enumerator": ("二是", "三是", [("changed", "second_point", "三是", "三")]),
    "an ordinal": ("第一管", "第二管", [("changed", "first_keeper", "二管", "二")]),
    "the word a numeral is part of": ("一并", "一同", [("unit", "together", "一同", "一同")]),
    "the unit": ("45人", "45户", [("unit", "readers.double", "45户", "45户")]),
    "the unit of the last figure": ("8个", "8名", [("unit", "boxes.all", "8名", "8名")]),
    "the per cent sign": ("7.5%", "7.5倍", [("unit", "books.growth", "7.5倍", "7.5倍")]),
    "the qualifier dropped": ("600多名", "600名", [("unit", "readers.all", "600名", "600名，")]),
    "the qualifier put where there was none": ("12人", "12多人", [("unit", "staff.all", "12多人", "12多")]),
    "an Arabic numeral dropped": ("共有12人", "共有若干", [("removed", "staff.all", "共有若干", None)]),
    "a Chinese numeral dropped": ("一是逐层", "先逐层", [("removed", "first_point", "先逐层", None)]),
    "a term dropped": ("，其中“双证”读者", "，其中读者", [("removed", "double", "其中读者", None)]),
    "an Arabic numeral added": ("修补旧书", "修补旧书9册", [("added", None, "9册", "9")]),
    "a Chinese numeral added": ("的标牌", "的五块标牌", [("added", None, "五块", "五")]),
    "a registered number said again": ("排班", "排班，共12人", [("added", None, "12人。“", "12")]),
    "the wording of a term of two numerals": (
        "两廊”的",
        "两间”的",
        [("unit", "floors", "三层两间", "三层两间")],
    ),
    "half": ("逐层清点", "逐层半清点", [("added", None, "半清", "半")]),
    "a numeral before all others": ("这座", "这2座", [("added", None, "2座", "2")]),
    "a numeral after all others": ("另备8个。", "另备8个。又9个", [("added", None, "9个", "9")]),
    "words put in before a numeral": ("书箱另备", "书箱靠墙另备", [("moved", "boxes.all", "8个", "+2")]),
    "words taken out before a numeral": ("书箱另备", "书箱备", [("moved", "boxes.all", "8个", "-1")]),
}


@pytest.mark.parametrize("case", ALTERED)
def test_an_alteration_is_found_in_its_place(library, case):
    old, new, expected = ALTERED[case]
    assert TEXT.count(old) == 1
    altered = TEXT.replace(old, new)
    account = trace(altered, library)
    assert not account.is_registered_text
    got = [(f.change, f.item, f.found) for f in account.findings]
    assert got == [(change, item, found) for change, item, _, found in expected]
    for finding, (_, _, place, _) in zip(account.findings, expected, strict=True):
        start = altered.index(place)
        if finding.change == "removed":  # the place where it would stand
            assert start <= finding.start <= start + len(place)
        else:
            assert finding.start == start
        assert str(finding.start) in str(finding)
        assert finding.context in str(finding)
        assert (finding.found or finding.expected) in str(finding)


@pytest.mark.parametrize(
    ("one", "other", "items"),
    [
        ("120个", "36个", ["shelves.old", "shelves.added"]),
        ("45人", "12人", ["readers.double", "staff.all"]),
        ("2031年", "2030年", ["y2031", "y2030"]),
        ("一是", "二是", ["first_point", "second_point"]),
        ("7.5%", "8个", ["books.growth", "boxes.all"]),
    ],
)
def test_a_swap_is_found_in_both_places_and_nowhere_else(library, one, other, items):
    swapped = TEXT.replace(one, "\0").replace(other, one).replace("\0", other)
    findings = trace(swapped, library).findings
    assert [(f.change, f.item, f.start) for f in findings] == [
        ("changed", items[0], swapped.index(other)),
        ("changed", items[1], swapped.index(one)),
    ]


def test_the_place_of_a_dropped_numeral_is_where_it_would_stand_in_the_text_at_hand(library):
    altered = "前面另有说明。" + TEXT.replace("共有12人", "共有若干")
    moved, removed = trace(altered, library).findings
    assert (moved.change, moved.found, moved.start) == ("moved", "+7", altered.index("三层"))
    assert (removed.change, removed.item) == ("removed", "staff.all")
    assert removed.start == altered.index("若干")


def test_each_numeral_removed_and_each_doubled_is_found(library):
    for numeral in find_numerals(TEXT):
        without = TEXT[: numeral.start] + TEXT[numeral.end :]
        doubled = TEXT[: numeral.end] + "和" + TEXT[numeral.start :]
        for altered, change in ((without, "removed"), (doubled, "added")):
            account = trace(altered, library)
            assert change in {f.change for f in account.findings}, f"{numeral} {change}"
            assert sum(account.counts.values()) < len(find_numerals(TEXT)) + (change == "added")


def test_an_empty_text_misses_everything(library):
    findings = trace("", library).findings
    assert [f.change for f in findings] == ["removed"] * 19
    assert {f.item for f in findings} == {i.id for i in registered_items(library)}


def test_a_text_is_read_with_or_without_a_byte_order_mark(tmp_path):
    for encoding in ("utf-8", "utf-8-sig"):
        (tmp_path / "text.txt").write_text(TEXT, encoding=encoding)
        assert read_text(tmp_path / "text.txt") == TEXT
    (tmp_path / "text.txt").write_text(TEXT, encoding="gb18030")
    with pytest.raises(UnicodeDecodeError):
        read_text(tmp_path / "text.txt")


def test_the_interview_is_accounted_for_to_the_last_numeral(tables, interview):
    account = trace(interview, tables)
    assert account.findings == ()
    assert account.is_registered_text
    terms = dict(zip(tables.terms.frame["id"], tables.terms.frame["term"], strict=True))
    mentioned = sum(len(find_numerals(terms[t])) for t in tables.mentions.frame["term"])
    assert account.counts == {"figure": len(figure_ids()), "period": 4, "term": mentioned}
    assert sum(account.counts.values()) == len(find_numerals(interview))


def test_each_of_the_thirty_figures_changed_in_the_interview_is_found(tables, interview):
    for figure in load_figures(tables).values():
        digit = next(i for i in range(figure.start, figure.end) if interview[i].isdigit())
        other = str((int(interview[digit]) + 1) % 10)
        findings = trace(interview[:digit] + other + interview[digit + 1 :], tables).findings
        assert [(f.change, f.item, f.start) for f in findings] == [("changed", figure.id, figure.start)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "缺文件"),
        ("{", "JSON"),
        ("[]", "没有写 sha256、cited_as"),
        ('{"sha256": "a"}', "没有写 cited_as"),
        ('{"cited_as": "a"}', "没有写 sha256"),
        ('{"sha256": "a", "cited_as": 3}', "没有写 cited_as"),
    ],
)
def test_what_is_not_registered_of_the_article_is_named(tmp_path, content, said):
    root = package(tmp_path)
    (root / "interview" / "source.json").unlink()
    if content is not None:
        (root / "interview" / "source.json").write_text(content, encoding="utf-8")
    with pytest.raises(TablesError, match=f"文件 interview/source.json.*{said}"):
        source(Tables.load(root=root))


def test_a_figure_in_ten_thousands_is_the_numeral_with_its_multiplier(tmp_path):
    """1.5万元 may be registered as 1.5 of 万元, to be compared to one decimal."""
    root = package(tmp_path)
    descriptor = (root / "datapackage.json").read_text(encoding="utf-8")
    (root / "datapackage.json").write_text(descriptor.replace('"元"', '"万元"'), encoding="utf-8")
    replace_once(root / "interview" / "figures.csv", "15000,元,", "1.5,万元,")
    tables = Tables.load(root=root)
    assert load_figures(tables)["books.cost"].text == "1.5 万元"
    assert trace(TEXT, tables).findings == ()
    (found,) = trace(TEXT.replace("1.5万元", "1.6万元"), tables).findings
    assert (found.change, found.item) == ("changed", "books.cost")
