"""The site that is built holds nobody."""

from support.canaries import CANARY, LIMITS

from figurebook.privacy.output_scan import scan_personal

KIND = "poor_households.id"


def test_the_built_site_holds_nobody(site):
    assert scan_personal(site, {KIND: {CANARY}}, LIMITS).faults == []
