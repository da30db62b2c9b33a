"""Wuqi County （吴起县） for the program: which systems it has, and the extensions of its own pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from figurebook.county import County, System


def _systems() -> Mapping[str, System]:
    from wuqi.mechanisms.catalogue import SYSTEMS

    return SYSTEMS


def _extensions() -> Mapping[str, Callable]:
    from wuqi.site import system_map

    return {"system_map": system_map.setup}


COUNTY = County(systems=_systems, extensions=_extensions)
