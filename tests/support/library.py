"""Make a text with all kinds of numerals, and its registry as a data package."""

import copy
import hashlib
import json
from pathlib import Path

from support.project import DATA
from support.tables import write_csv

TEXT = (
    "这座书库按“三层两廊”布置，原有书架120个，去年又添书架36个；登记读者600多名，其中“双证”读者45人。"
    "2031年添置图书用去1.5万元，借阅量比2030年增长7.5%。一是逐层清点，二是修补旧书，管理员共有12人，"
    "由第一管理员排班。“三层两廊”的标牌一并更换，书箱另备8个。"
)
# id, value, unit, qualifier, the words in the text
FIGURES = [
    ("shelves.old", "120", "个", "exact", "120个"),
    ("shelves.added", "36", "个", "exact", "36个"),
    ("readers.all", "600", "名", "at_least", "600多名"),
    ("readers.double", "45", "人", "exact", "45人"),
    ("books.cost", "15000", "元", "exact", "1.5万元"),
    ("books.growth", "7.5", "%", "rounded", "7.5%"),
    ("staff.all", "12", "人", "exact", "12人"),
    ("boxes.all", "8", "个", "exact", "8个"),
]
PERIODS = [
    ("last_year", "去年", "relative"),
    ("y2031", "2031年", "absolute"),
    ("y2030", "2030年", "absolute"),
]
TERMS = [
    ("floors", "三层两廊"),
    ("double", "双证"),
    ("first_point", "一是"),
    ("second_point", "二是"),
    ("first_keeper", "第一管理员"),
    ("together", "一并"),
]
MENTIONED = ["floors", "double", "first_point", "second_point", "first_keeper", "floors", "together"]


def package(folder: Path) -> Path:
    """A data package for TEXT, with the schemas of the real one."""
    terms = dict(TERMS)
    spans, at = [], 0
    for term in MENTIONED:
        at = TEXT.index(terms[term], at)
        spans.append((term, at, at + len(terms[term])))
        at += 1
    tables = {
        "figures": [
            [
                i,
                "S01",
                i,
                i,
                value,
                unit,
                qualifier,
                "",
                TEXT.index(quote),
                TEXT.index(quote) + len(quote),
                hashlib.sha256(quote.encode()).hexdigest(),
                i.replace(".", "_"),
                "none",
                "",
            ]
            for i, value, unit, qualifier, quote in FIGURES
        ],
        "periods": [
            [i, words, "", kind, TEXT.index(words), TEXT.index(words) + len(words), ""]
            for i, words, kind in PERIODS
        ],
        "counted": [[i.replace(".", "_"), i] for i, *_ in FIGURES],
        "terms": [[i, term, i, "name", "", "undefined", "", ""] for i, term in TERMS],
        "mentions": spans,
    }
    descriptor = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    resources = [copy.deepcopy(r) for r in descriptor["resources"] if r["name"] in tables]
    (folder / "interview").mkdir()
    for resource in resources:
        resource["hash"] = ""
        header = [f["name"] for f in resource["schema"]["fields"]]
        write_csv(folder / resource["path"], [header, *tables[resource["name"]]])
    (folder / "datapackage.json").write_text(
        json.dumps({"name": "library", "resources": resources}, ensure_ascii=False), encoding="utf-8"
    )
    (folder / "interview" / "source.json").write_text(
        json.dumps({"sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "cited_as": "a text"}),
        encoding="utf-8",
    )
    return folder
