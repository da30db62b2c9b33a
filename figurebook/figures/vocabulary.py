"""The words readers see for the three answers on a figure, and what each of them means."""

from __future__ import annotations

RELATIONS = {
    "same": ("相同", "别处就同一件事、同一时间公布了同一个数（按两处给出的位数）。"),
    "related": ("有关", "别处公布的数与它有关，但说的是另一件事、另一个时点，或者只是一个界限。"),
    "unlike": ("不同", "别处就同一件事公布了另一个数；时点不同的也算，时点写在旁边。"),
    "none_found": ("没有找到", "在编者查过的出版物里没有找到。没有找到，不等于没有。"),
}
REASONS = {
    "another_thing": "说的是另一件事",
    "another_date": "说的是另一个时点，或有一处没有说时点",
    "equation": "要借用访谈自己的数才推得到一起",
    "bound": "公布的只是一个界限",
}
RESULTS = {
    "reproduced": ("相等", "用表重新算一遍，取到访谈给出的位数，与访谈的数相等。"),
    "holds": ("满足", "访谈只说“多”或“余”，用表算出的数比它多。"),
    "differs": ("不等", "用表算出的数与访谈的不等；差在哪里，写在首页。"),
    "not_computed": ("算不出", "没有可用的表或行，原因写在旁边。"),
}
INDEPENDENCE = {
    "independent": ("独立于该县", "不是由该县提供的。"),
    "same_source": ("应同出该县", "很可能仍来自该县，相同只说明前后不矛盾。"),
    "unclear": ("来源不明", "读不出原始来源。"),
}

QUALIFIER_WORDS = {
    "exact": "访谈说的是确数",
    "at_least": "比这个数多（原文说“多”或“余”）",
    "rounded": "比较时四舍五入到访谈所给的位数",
}
CAUTIONS = {
    "published": "公开的表只能证明表里写的事；表与旁证若出自同一份出版物，只算一个来源。",
    "illustrative": "这张表是本书按访谈的数编的，算出来当然相等。要检验，得用县里真实的登记表。",
    "stated": "表里的数就是从访谈抄来的，算一遍等于抄一遍。",
}
DATE_WORDS = {"published": "{} 发布", "reprint": "{} 转载", "cutoff": "数据截止 {}，发布日未查到"}


def word(axis: dict[str, tuple[str, str]], value: str) -> str:
    """The one Chinese word for a value of an axis; KeyError for a value that is not on it."""
    return axis[value][0]
