"""Answer in one sentence whether a figure can be checked, from a closed set of sentences."""

from __future__ import annotations

from collections.abc import Iterable

from figurebook.figures.evidence import Evidence
from figurebook.figures.verdicts import Verdict, computed_text
from figurebook.figures.vocabulary import INDEPENDENCE, word

# A publication that is independent of the county weighs most, one of the county's own least.
_NEARNESS = ("independent", "unclear", "same_source")
_SAME = {
    "independent": "，独立于该县",
    "unclear": "，原始来源不明",
    "same_source": "，应同出该县，只说明前后不矛盾",
}
_TABLES = {
    "recorded": "实际登记",
    "published": "公开的表",
    "illustrative": "本书自编（示意）的表",
    "stated": "照录访谈的表",
}


def answer(verdict: Verdict) -> str:
    """The sentence for a figure: what others say of it, then what the table can say.

    It depends on relation, reason, independence, basis and result alone; numbers and names are filled in.
    """
    parts = (_of_others(verdict), _of_the_table(verdict))
    return "；".join(part for part in parts if part) + "。"


def _of_others(verdict: Verdict) -> str:
    relation = verdict.corroboration
    if relation == "none_found":
        return _not_found(verdict)
    decisive = [e for e in verdict.evidence if (e.relation, e.reason) == (relation, verdict.relation_reason)]
    if relation == "same":
        nearest = _nearest(decisive)
        e = next(e for e in decisive if e.independence == nearest)
        return f"别处公布过同一个数（{e.publisher}，{e.date}）{_SAME[nearest]}"
    if relation == "unlike":
        values = "、".join(f"{e.text}（{e.as_of}）" for e in decisive)
        sources = "、".join(dict.fromkeys(word(INDEPENDENCE, e.independence) for e in decisive))
        return f"别处公布的是 {values}，与访谈不同（{sources}）；差别出自时点、口径，还是有一处有误，无从断定"
    return {
        "another_thing": _another_thing,
        "another_date": _another_date,
        "equation": _equation,
        "bound": _bound,
    }[verdict.relation_reason](verdict, decisive)


def _not_found(verdict: Verdict) -> str:
    if verdict.basis == "recorded":
        return "在编者查过的出版物里没有找到"
    end = "，本书无从检验" if _is_ours(verdict) and verdict.result in ("reproduced", "holds") else ""
    return f"只有访谈说过；在编者查过的出版物里没有找到{end}"


def _another_thing(verdict: Verdict, evidence: list[Evidence]) -> str:
    values: dict[str, list[str]] = {}
    for e in evidence:
        values.setdefault(e.counted_zh, []).append(e.text)
    things = "；".join(f"{thing}，{'、'.join(dict.fromkeys(texts))}" for thing, texts in values.items())
    return f"别处公布的是另一件事（{things}）；{_alone(verdict)}"


def _another_date(verdict: Verdict, evidence: list[Evidence]) -> str:
    days = "、".join(e.as_of for e in evidence)
    return f"别处公布过同一个数，时点是 {days}，与访谈的不同，或访谈没有说；{_alone(verdict)}"


def _equation(_verdict: Verdict, evidence: list[Evidence]) -> str:
    e = evidence[0]
    return (
        f"与别处公布的{e.counted_zh} {e.text}（{e.as_of}）合得上，"
        "但要借用访谈自己的另一个数才推得到，不算另一个来源"
    )


def _bound(verdict: Verdict, evidence: list[Evidence]) -> str:
    return f"别处只公布过一个界限（{evidence[0].text}），访谈的数在界限之内；{_alone(verdict)}"


def _alone(verdict: Verdict) -> str:
    end = "没有找到别处的公布" if verdict.basis == "recorded" else "只有访谈说过"
    return f"{verdict.figure.label_zh}，{end}"


def _of_the_table(verdict: Verdict) -> str:
    table = _TABLES[verdict.basis]
    if verdict.result == "not_computed":
        return "没有可用的表，本书算不出"
    if verdict.result == "differs":
        return f"{table}算得 {computed_text(verdict)}，与访谈不等"
    if _is_ours(verdict):
        return ""
    equal = "与访谈相等" if verdict.result == "reproduced" else "比访谈的界限多，与访谈所说的“多”相合"
    if verdict.basis == "published" and verdict.relation_reason == "another_thing":
        return f"{table}算得的个数{equal}，但数的不是同一件事"
    return f"{table}算得的数{equal}"


def _is_ours(verdict: Verdict) -> bool:
    """Whether the table was made or copied by the book, so that an equal number shows nothing."""
    return verdict.basis in ("illustrative", "stated")


def _nearest(evidence: Iterable[Evidence]) -> str:
    found = {e.independence for e in evidence}
    return next(i for i in _NEARNESS if i in found)
