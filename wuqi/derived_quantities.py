"""What follows from this county's figures alone: one value a quantity."""

from __future__ import annotations

from figurebook.figures.derived import Derived, Stated

_VILLAGE = Stated("funding.village") + Stated("funding.village_increase")

DERIVED = (
    Derived(
        "poverty.persons_per_household",
        "户均人数",
        "人",
        2,
        Stated("poverty.persons") / Stated("poverty.households"),
    ),
    Derived(
        "poverty.income_2015",
        "由增长倒推的上年人均收入",
        "元",
        0,
        Stated("poverty.income") / (1 + Stated("poverty.growth") / 100),
    ),
    Derived(
        "demonstration.sites_per_village",
        "平均每村示范点",
        "个",
        1,
        Stated("demonstration.sites") / Stated("staffing.villages"),
    ),
    Derived("funding.village_raised", "每村每年经费（增加后，如果增加的是按年给的）", "元", 0, _VILLAGE),
    Derived(
        "funding.community_raised",
        "每个社区每年经费（增加后，如果两笔都按每个社区、按年给）",
        "元",
        0,
        Stated("funding.community") + Stated("funding.community_increase"),
    ),
    Derived(
        "funding.villages_yearly",
        "各村每年经费合计（增加后，如果增加的是按年给的）",
        "元",
        0,
        _VILLAGE * Stated("staffing.villages"),
    ),
    Derived(
        "funding.departments_yearly",
        "换届部门党委每年经费合计",
        "元",
        0,
        Stated("funding.department") * Stated("staffing.departments"),
    ),
)
