"""How each figure is computed: one function a figure, reading like the claim."""

from __future__ import annotations

from wuqi.aggregate import Ratio, count, only, percent_change, total, weighted_mean
from wuqi.computations import figure
from wuqi.tables import Tables


@figure("demonstration.sites")
def demonstration_sites(t: Tables) -> Ratio:
    return count(t.demonstration_sites)


@figure("demonstration.households")
def demonstration_households(t: Tables) -> Ratio:
    return count(t.demonstration_households)


@figure("demonstration.organisations")
def four_type_organisations(t: Tables) -> Ratio:
    return count(t.organisations)


@figure("demonstration.members")
def four_type_members(t: Tables) -> Ratio:
    return count(t.model_members)


@figure("staffing.departments")
def departments_with_elections(t: Tables) -> Ratio:
    return count(t.departments, committee_elected=True)


@figure("staffing.villages")
def villages(t: Tables) -> Ratio:
    return count(t.villages)


@figure("staffing.weak_branches")
def weak_branches_put_right(t: Tables) -> Ratio:
    return count(t.weak_branches, put_right=True)


@figure("funding.department")
def department_rate(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="department")


@figure("funding.village")
def village_rate(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="village")


@figure("funding.community")
def community_rate(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="community")


@figure("funding.village_increase")
def village_increase(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="village_increase")


@figure("funding.community_increase")
def community_increase(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="community_increase")


@figure("funding.training")
def training_fund(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="training")


@figure("services.activity_sites")
def activity_sites_repaired(t: Tables) -> Ratio:
    return count(t.service_facilities, kind="activity_site")


@figure("services.township_centres")
def township_service_centres(t: Tables) -> Ratio:
    return count(t.service_facilities, kind="township_centre")


@figure("services.village_points")
def village_service_points(t: Tables) -> Ratio:
    return count(t.service_facilities, kind="village_point")


@figure("services.mobile_centres")
def mobile_member_centres(t: Tables) -> Ratio:
    return count(t.service_facilities, kind="mobile_centre")


@figure("services.county_stations")
def county_town_stations(t: Tables) -> Ratio:
    return count(t.service_facilities, kind="county_station")


@figure("services.first_secretaries")
def first_secretaries_insured(t: Tables) -> Ratio:
    return count(t.first_secretaries, insured=True)


@figure("services.daily_allowance")
def first_secretary_daily_allowance(t: Tables) -> Ratio:
    return only(t.funding_rates, "amount", item="first_secretary_day")


@figure("review.branches")
def branches_in_the_review(t: Tables) -> Ratio:
    return count(t.branches, reviewed_2016=True)


@figure("review.members")
def members_in_the_review(t: Tables) -> Ratio:
    return total(t.branches, "members", reviewed_2016=True)


@figure("poverty.households")
def poor_households(t: Tables) -> Ratio:
    return count(t.poor_households)


@figure("poverty.persons")
def poor_persons(t: Tables) -> Ratio:
    return total(t.poor_households, "persons")


@figure("poverty.income")
def income_per_poor_person(t: Tables) -> Ratio:
    return weighted_mean(t.poor_households, "income_2016", weight="persons")


@figure("poverty.growth")
def growth_of_that_income(t: Tables) -> Ratio:
    return percent_change(weighted_mean(t.poor_households, "income_2016", weight="persons"),
                          weighted_mean(t.poor_households, "income_2015", weight="persons"))


@figure("appointments.promoted")
def newly_promoted(t: Tables) -> Ratio:
    return count(t.appointments, kind="promoted")


@figure("appointments.important_posts")
def given_important_posts(t: Tables) -> Ratio:
    return count(t.appointments, kind="important_post")


@figure("appointments.first_secretaries")
def first_secretaries_promoted(t: Tables) -> Ratio:
    return count(t.appointments, kind="first_secretary_promoted")


@figure("appointments.adjusted")
def adjusted_after_assessment(t: Tables) -> Ratio:
    return count(t.appointments, kind="adjusted")
