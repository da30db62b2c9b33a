"""Digest what Python source does, not how it is written.

Comments, docstrings and layout count for nothing. The digest is the same on every Python that parses the
source. It is taken of the syntax tree, without the parts that differ between Python versions.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import lru_cache

_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_LAYOUT = {"kind", "type_ignores", "type_comment"}  # u"" beside "", and comments


@lru_cache(maxsize=512)
def code_digest(source: bytes) -> str:
    """sha256 of what the source does. Source that does not parse is digested as bytes."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return hashlib.sha256(source).hexdigest()
    return hashlib.sha256("\n".join(_node(tree)).encode("ascii")).hexdigest()


def _node(node: ast.AST) -> Iterator[str]:
    """The lines of a node: its kind, each field that holds something, its end."""
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        if name in _LAYOUT or (value is None and not isinstance(node, ast.Constant)):
            continue
        if isinstance(value, list):
            value = _listed(node, name, value)
            if not value:  # a field that newer versions have, such as type_params, is empty in older code
                continue
        yield f".{name}"
        yield from _value(value)
    yield "end"


def _value(value: object) -> Iterator[str]:
    if isinstance(value, ast.AST):
        yield from _node(value)
    elif isinstance(value, list):
        for item in value:
            yield from _value(item)
        yield "]"
    else:  # not repr: which characters are printable differs between versions
        yield f"{type(value).__name__} {value!a}"


def _listed(node: ast.AST, name: str, values: list) -> list:
    """The values of a list without its docstring; texts of f-strings are joined."""
    if name == "body" and isinstance(node, _WITH_DOCSTRING) and values and _is_text(values[0]):
        return values[1:]
    return _joined(values) if isinstance(node, ast.JoinedStr) else values


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """Join the texts of an f-string: Python versions cut them differently, some leave empty pieces."""
    joined: list[ast.expr] = []
    for value in values:
        if not isinstance(value, ast.Constant):
            joined.append(value)
        elif joined and isinstance(joined[-1], ast.Constant):
            texts = (joined[-1].value, value.value)
            joined[-1] = ast.Constant("".join(t for t in texts if isinstance(t, str)))
        elif value.value:
            joined.append(ast.Constant(value.value))
    return joined
