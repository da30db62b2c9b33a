"""The site that is built holds nobody."""

from support.canaries import CANARY, LIMITS

from figurebook.privacy.output_scan import scan_personal

KIND = "poor_households.id"


def test_the_built_site_holds_nobody(site):
    """But for the source: with it go the tests, and one of them names the canary."""
    named = [f"{path.name}：含有个人信息（{KIND}）" for path in site.glob("*-source.zip")]
    assert scan_personal(site, {KIND: {CANARY}}, LIMITS).faults == named
