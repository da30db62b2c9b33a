-- Each figure once more, in plain SQL on the files themselves: numerator and denominator, in the
-- figure's unit. Written from the interview's sentences, not from wuqi/figures.py.
SELECT 'demonstration.sites' AS id, count(*) AS numerator, 1 AS denominator FROM demonstration_sites
UNION ALL SELECT 'demonstration.households', count(*), 1 FROM demonstration_households
UNION ALL SELECT 'demonstration.organisations', count(*), 1 FROM organisations
UNION ALL SELECT 'demonstration.members', count(*), 1 FROM model_members
UNION ALL SELECT 'staffing.departments', count(*), 1 FROM departments WHERE committee_elected
UNION ALL SELECT 'staffing.villages', count(DISTINCT code), 1 FROM villages
UNION ALL SELECT 'staffing.weak_branches', count(*), 1 FROM weak_branches WHERE put_right
UNION ALL SELECT 'funding.department', amount, 100 FROM funding_rates WHERE item = 'department'
UNION ALL SELECT 'funding.village', amount, 100 FROM funding_rates WHERE item = 'village'
UNION ALL SELECT 'funding.community', amount, 100 FROM funding_rates WHERE item = 'community'
UNION ALL SELECT 'funding.village_increase', amount, 100 FROM funding_rates WHERE item = 'village_increase'
UNION ALL SELECT 'funding.community_increase', amount, 100
    FROM funding_rates WHERE item = 'community_increase'
UNION ALL SELECT 'funding.training', amount, 100 FROM funding_rates WHERE item = 'training'
UNION ALL SELECT 'services.activity_sites', count(*), 1 FROM service_facilities WHERE kind = 'activity_site'
UNION ALL SELECT 'services.township_centres', count(*), 1
    FROM service_facilities WHERE kind = 'township_centre'
UNION ALL SELECT 'services.village_points', count(*), 1 FROM service_facilities WHERE kind = 'village_point'
UNION ALL SELECT 'services.mobile_centres', count(*), 1 FROM service_facilities WHERE kind = 'mobile_centre'
UNION ALL SELECT 'services.county_stations', count(*), 1
    FROM service_facilities WHERE kind = 'county_station'
UNION ALL SELECT 'services.first_secretaries', count(*), 1 FROM first_secretaries WHERE insured
UNION ALL SELECT 'services.daily_allowance', amount, 100
    FROM funding_rates WHERE item = 'first_secretary_day'
UNION ALL SELECT 'review.branches', count(*), 1 FROM branches WHERE reviewed_2016
UNION ALL SELECT 'review.members', sum(members), 1 FROM branches WHERE reviewed_2016
UNION ALL SELECT 'poverty.households', count(DISTINCT id), 1 FROM poor_households
UNION ALL SELECT 'poverty.persons', sum(persons), 1 FROM poor_households
UNION ALL SELECT 'poverty.income', sum(income_2016 * persons), 100 * sum(persons) FROM poor_households
UNION ALL SELECT 'poverty.growth', 100 * sum((income_2016 - income_2015) * persons),
    sum(income_2015 * persons) FROM poor_households
UNION ALL SELECT 'appointments.promoted', count(*), 1 FROM appointments WHERE kind = 'promoted'
UNION ALL SELECT 'appointments.important_posts', count(*), 1
    FROM appointments WHERE kind = 'important_post'
UNION ALL SELECT 'appointments.first_secretaries', count(*), 1
    FROM appointments WHERE kind = 'first_secretary_promoted'
UNION ALL SELECT 'appointments.adjusted', count(*), 1 FROM appointments WHERE kind = 'adjusted'
