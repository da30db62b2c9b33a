"""The words readers see for a verdict's three axes, each with its meaning."""

RESULTS = {
    "reproduced": ("复算一致", "由表算出的值与访谈所述相等（按访谈给出的位数）。"),
    "holds": ("界限成立", "访谈只给了界限（如“多”），由表算出的值满足它。"),
    "differs": ("复算不符", "由表算出的值与访谈所述不等；不写明差在哪里，就不出版。"),
    "not computed": ("未能计算", "没有可用的表或行，原因写在旁边。"),
}
RELATIONS = {
    "differs": ("不一致", "别处公布的数与访谈不同。"),
    "agrees": ("一致", "别处就同一件事公布了同一个数，或单由公布的数算得出它。"),
    "consistent": ("不矛盾", "别处公布的数与它有关且相容，但说的不是同一件事，或不是同一时点。"),
    "none found": ("未见旁证", "没有找到别处的公布。"),
}
INDEPENDENCE = {
    "independent": ("独立于该县", "不是由该县提供的。"),
    "same_source": ("应同出该县", "很可能仍来自该县，一致只说明前后不矛盾。"),
    "unclear": ("来源未明", "读不出原始来源。"),
}


def word(axis: dict[str, tuple[str, str]], value: str) -> str:
    """The one Chinese word for a value of an axis; KeyError for another value."""
    return axis[value][0]
