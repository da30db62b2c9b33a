"""The small helper that turns rows into docutils tables."""

from docutils import nodes

from figurebook.site.docutils_tables import table

SENTENCE = "这一格里写的是一整句话，要一字一句地读"


def kinds(made: nodes.table) -> list[list[str]]:
    return [entry["classes"] for entry in made.findall(nodes.entry)]


def test_a_table_marks_its_columns_of_sentences():
    assert kinds(table(("词", "句"), [("短", SENTENCE), ("短", "短")])) == [[], ["sentence"]] * 3


def test_a_table_marks_its_columns_of_numbers_headers_likewise():
    assert kinds(table(("数", "词"), [(SENTENCE, "短")], numbers=[0])) == [["number"], []] * 2


def test_a_cell_may_hold_nodes():
    made = table(("词",), [([nodes.literal("", "code")],)])
    assert [n.astext() for n in made.findall(nodes.literal)] == ["code"]
