"""Run a notebook in this process over an office's tables, to inspect its results."""

import ast
import json

from support.project import ROOT


def run(name: str, monkeypatch, data: str) -> tuple[dict, dict[str, object]]:
    """A notebook's variables and cell outputs, over an office's tables ("" for ours)."""
    monkeypatch.setenv("FIGUREBOOK_DATA", data)
    variables, shown = {}, {}
    for cell in json.loads((ROOT / "notebooks" / name).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), variables)
            if last:
                shown[cell["id"]] = eval(compile(ast.Expression(last.value), name, "eval"), variables)
    return variables, shown
