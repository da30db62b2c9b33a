"""Numbers in names: as many parts as the name says, or none and marked undefined."""

import pytest


def faults(terms, parts):
    """Terms whose listed parts are not as many as the numbers in their names say."""
    listed = {term: [len(g) for _, g in rows.groupby("group")] for term, rows in parts.groupby("term")}
    found = []
    for row in terms.to_dict("records"):
        said = [int(n) for n in row["numbers"].split(";")] if isinstance(row["numbers"], str) else []
        wanted = said if row["status"] == "listed" else []
        if listed.get(row["term"], []) != wanted or bool(said) == (row["status"] == "not_a_count"):
            found.append(row["term"])
    return found


def test_listed_terms_have_as_many_parts_as_their_names_say_and_others_none(tables):
    assert faults(tables.terms.frame, tables.parts.frame) == []
    undefined = tables.terms.frame.query("status == 'undefined'")["term"].tolist()
    assert "三述职两评议一落实" in undefined
    assert len(undefined) == 8


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: parts.iloc[1:],
        lambda parts: parts.assign(group=1),
        lambda parts: parts.assign(term=parts["term"].where(parts["term"] != "三个清单", "三会一课")),
    ],
    ids=["a part lost", "two groups made one", "an undefined term filled in"],
)
def test_the_check_bites(tables, change):
    assert faults(tables.terms.frame, change(tables.parts.frame)) != []
