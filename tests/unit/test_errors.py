"""Every exception class of the program has the one base, and no two have one name."""

import importlib
import inspect
import pkgutil
from collections import Counter
from types import ModuleType

import pytest

import figurebook
import wuqi
from figurebook.errors import FigurebookError


def classes(modules: list[ModuleType]) -> list[type]:
    """The exception classes that the modules define."""
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, BaseException) and kind.__module__ == module.__name__
    ]


def baseless(kinds: list[type]) -> list[type]:
    return [kind for kind in kinds if not issubclass(kind, FigurebookError)]


def homonyms(kinds: list[type]) -> list[str]:
    return [name for name, times in Counter(k.__name__.lstrip("_") for k in kinds).items() if times > 1]


@pytest.fixture(scope="module")
def ours() -> list[type]:
    names = [
        m.name
        for package in (figurebook, wuqi)
        for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if not m.name.endswith("__main__")
    ]
    return classes([importlib.import_module(name) for name in names])


def test_every_exception_class_has_the_one_base_and_a_name_of_its_own(ours):
    assert len(ours) > 10
    assert baseless(ours) == []
    assert homonyms(ours) == []


def test_a_class_with_another_base_or_a_name_used_twice_is_found():
    module = ModuleType("made")
    module.OtherError = type("OtherError", (ValueError,), {"__module__": "made"})
    module.SameError = type("SameError", (FigurebookError,), {"__module__": "made"})
    module._SameError = type("_SameError", (FigurebookError,), {"__module__": "made"})
    found = classes([module])
    assert baseless(found) == [module.OtherError]
    assert homonyms(found) == ["SameError"]
