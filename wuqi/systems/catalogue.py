"""The eighteen systems by id, each with its model and the files it hands out."""

from __future__ import annotations

from figurebook.county import System
from wuqi.systems import (
    error_tolerance,
    four_creations,
    incentives,
    institutions,
    key_people,
    local_practices,
    overall_approach,
    personnel,
    poverty,
    promotion_demotion,
    selection,
    services,
    three_level_linkage,
)
from wuqi.systems.funding import model as funding
from wuqi.systems.funding import takeaways as funding_files
from wuqi.systems.inspection import model as inspection
from wuqi.systems.inspection import takeaways as inspection_files
from wuqi.systems.stars_and_points import model as stars_and_points
from wuqi.systems.stars_and_points import takeaways as stars_and_points_files
from wuqi.systems.target_responsibility import (
    model as target_responsibility,
)
from wuqi.systems.target_responsibility import (
    takeaways as target_responsibility_files,
)
from wuqi.systems.three_lists import model as three_lists
from wuqi.systems.three_lists import takeaways as three_lists_files

SYSTEMS = {
    "S01": System(overall_approach),
    "S02": System(three_level_linkage),
    "S03": System(key_people),
    "S04": System(three_lists, three_lists_files.FILES, three_lists_files.make),
    "S05": System(four_creations),
    "S06": System(inspection, inspection_files.FILES, inspection_files.make),
    "S07": System(local_practices),
    "S08": System(personnel),
    "S09": System(funding, funding_files.FILES, funding_files.make),
    "S10": System(services),
    "S11": System(institutions),
    "S12": System(incentives),
    "S13": System(error_tolerance),
    "S14": System(promotion_demotion),
    "S15": System(target_responsibility, target_responsibility_files.FILES, target_responsibility_files.make),
    "S16": System(poverty),
    "S17": System(selection),
    "S18": System(stars_and_points, stars_and_points_files.FILES, stars_and_points_files.make),
}
