"""Sphinx finds our templates beside those it has."""

from types import SimpleNamespace

from figurebook.site.look import templates_path


def test_our_folder_comes_after_the_others_and_holds_the_templates():
    config = SimpleNamespace(templates_path=["own"])
    templates_path.add(None, config)
    assert config.templates_path == ["own", str(templates_path.FOLDER)]
    held = {p.name for p in templates_path.FOLDER.iterdir()}
    assert held == {"figure.html", "not-found.html", "search-page.html"}
