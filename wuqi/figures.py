"""Define the measure of each figure, in the interview's order."""

from __future__ import annotations

from figurebook.figures.measures import Count, Measure, Only, PercentChange, Total, WeightedMean

FIGURES: tuple[tuple[str, Measure], ...] = (
    ("demonstration.sites", Count("demonstration_sites")),
    ("demonstration.households", Count("demonstration_households")),
    ("demonstration.organisations", Count("organisations")),
    ("demonstration.members", Count("model_members")),
    ("staffing.departments", Count("departments", where={"committee_elected": True})),
    ("staffing.villages", Count("villages")),
    ("staffing.weak_branches", Count("weak_branches", where={"put_right": True})),
    ("funding.department", Only("funding_rates", "amount", where={"item": "department"})),
    ("funding.village", Only("funding_rates", "amount", where={"item": "village"})),
    ("funding.community", Only("funding_rates", "amount", where={"item": "community"})),
    ("funding.village_increase", Only("funding_rates", "amount", where={"item": "village_increase"})),
    ("funding.community_increase", Only("funding_rates", "amount", where={"item": "community_increase"})),
    ("funding.training", Only("funding_rates", "amount", where={"item": "training"})),
    ("services.activity_sites", Count("service_facilities", where={"kind": "activity_site"})),
    ("services.township_centres", Count("service_facilities", where={"kind": "township_centre"})),
    ("services.village_points", Count("service_facilities", where={"kind": "village_point"})),
    ("services.mobile_centres", Count("service_facilities", where={"kind": "mobile_centre"})),
    ("services.county_stations", Count("service_facilities", where={"kind": "county_station"})),
    ("services.first_secretaries", Count("first_secretaries", where={"insured": True})),
    ("services.daily_allowance", Only("funding_rates", "amount", where={"item": "first_secretary_day"})),
    ("review.branches", Count("branches", where={"reviewed_2016": True})),
    ("review.members", Total("branches", "members", where={"reviewed_2016": True})),
    ("poverty.households", Count("poor_households")),
    ("poverty.persons", Total("poor_households", "persons")),
    ("poverty.income", WeightedMean("poor_households", "income_2016", weight="persons")),
    (
        "poverty.growth",
        PercentChange(
            WeightedMean("poor_households", "income_2016", weight="persons"),
            WeightedMean("poor_households", "income_2015", weight="persons"),
        ),
    ),
    ("appointments.promoted", Count("appointments", where={"kind": "promoted"})),
    ("appointments.important_posts", Count("appointments", where={"kind": "important_post"})),
    ("appointments.first_secretaries", Count("appointments", where={"kind": "first_secretary_promoted"})),
    ("appointments.adjusted", Count("appointments", where={"kind": "adjusted"})),
)
