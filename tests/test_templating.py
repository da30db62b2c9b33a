"""Sphinx finds our templates beside those it has."""

from types import SimpleNamespace

from wuqi.site import templating


def test_our_folder_comes_after_the_others_and_holds_the_templates():
    config = SimpleNamespace(templates_path=["own"])
    templating.add(None, config)
    assert config.templates_path == ["own", str(templating.FOLDER)]
    held = {p.name for p in templating.FOLDER.iterdir()}
    assert held == {"figure.html", "not-found.html", "search-page.html"}
