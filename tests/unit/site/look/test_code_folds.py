"""A notebook's code is folded, and nothing of it is lost."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from figurebook.site.look.code_folds import fold


def document() -> nodes.document:
    made = new_document("x")
    cell = nodes.container(classes=["cell"])
    cell += nodes.container("", nodes.literal_block("", "a = 1\nb = 2"), classes=["cell_input"])
    cell += nodes.container("", nodes.paragraph("", "3"), classes=["cell_output"])
    made += cell
    return made


def app(kind: str) -> SimpleNamespace:
    return SimpleNamespace(builder=SimpleNamespace(format=kind))


def test_code_stands_closed_between_the_ends_of_one_element_and_output_outside():
    made = document()
    fold(app("html"), made)
    start, code, end, output = made.children[0].children
    assert start.astext() == '<details class="code"><summary>代码（2 行）</summary>'
    assert code.astext() == "a = 1\nb = 2"
    assert end.astext() == "</details>"
    assert output.astext() == "3"


@pytest.mark.parametrize("kind", ["text", "latex"])
def test_other_formats_have_nothing_to_fold(kind):
    made = document()
    fold(app(kind), made)
    assert made.astext() == document().astext()
