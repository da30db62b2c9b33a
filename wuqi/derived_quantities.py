"""Define the quantities that follow from this county's figures alone."""

from __future__ import annotations

from figurebook.figures.derived import DerivedQuantity, FigureValue

_VILLAGE = FigureValue("funding.village") + FigureValue("funding.village_increase")

DERIVED = (
    DerivedQuantity(
        "poverty.persons_per_household",
        "户均人数",
        "人",
        2,
        FigureValue("poverty.persons") / FigureValue("poverty.households"),
    ),
    DerivedQuantity(
        "poverty.income_2015",
        "由增长倒推的上年人均收入",
        "元",
        0,
        FigureValue("poverty.income") / (1 + FigureValue("poverty.growth") / 100),
    ),
    DerivedQuantity(
        "demonstration.sites_per_village",
        "平均每村示范点",
        "个",
        1,
        FigureValue("demonstration.sites") / FigureValue("staffing.villages"),
    ),
    DerivedQuantity(
        "funding.village_raised", "每村每年经费（增加后，如果增加的是按年给的）", "元", 0, _VILLAGE
    ),
    DerivedQuantity(
        "funding.community_raised",
        "每个社区每年经费（增加后，如果两笔都按每个社区、按年给）",
        "元",
        0,
        FigureValue("funding.community") + FigureValue("funding.community_increase"),
    ),
    DerivedQuantity(
        "funding.villages_yearly",
        "各村每年经费合计（增加后，如果增加的是按年给的）",
        "元",
        0,
        _VILLAGE * FigureValue("staffing.villages"),
    ),
    DerivedQuantity(
        "funding.departments_yearly",
        "换届部门党委每年经费合计",
        "元",
        0,
        FigureValue("funding.department") * FigureValue("staffing.departments"),
    ),
)
