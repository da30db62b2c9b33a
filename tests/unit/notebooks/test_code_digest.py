"""A module's digest follows what it does, and is the same on every Python that the project supports."""

import ast

import pytest

from figurebook.notebooks.code_digest import code_digest

SOURCE = '''
"""A docstring."""
from __future__ import annotations
import os.path as p, sys
from . import x as y

CONSTANTS = (1, 1.0, True, None, ..., b"a", "文é\\u200b\\U0001fae8", 2j, -1, 1e300)


class A(dict, metaclass=type):
    """Another."""

    b: int = 1

    @property
    def c(self, a, /, b=2, *args: int, d, e=None, **kw) -> str:
        """A third."""
        w, pr = 9, 2
        return f"{{a}} {self!r:>{w}.{pr}} b" "c" f"{a:}{b=}{d!s}" f"" "e"


async def f(*, g):
    global h
    async with g as (i, j), g:
        async for k in g:
            yield [m async for m in k if m]
    try:
        assert g, "no"
    except* (ValueError, OSError) as error:
        raise error from None
    else:
        del g[1:2, ::3]
    finally:
        pass
    match g:
        case {"a": [1, *rest], **others} | A(b=1) if rest:
            return
        case _:
            n = lambda q, *r: (yield q) if r else {**q, "s": {t for t in r}}
    while (u := g) < 3 <= 4 is not None:
        u += 1 if not u else -1
        continue
'''
# Of that source on 3.11, 3.12 and 3.13 alike: a Python that gives another one makes every notebook stale.
DIGEST = "a758f46cdf266ad639a15d47684a6e4591097a9078047709b2df5368edce90ae"


def test_the_digest_is_the_one_that_every_supported_python_gives():
    assert code_digest(SOURCE.encode()) == DIGEST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1", "# why\na = 1  # because\n\n\n"),
        ("a = (1 + 2)\n", "a = 1 + \\\n    2"),
        ("def f():\n    '''One.'''\n    return 1", "def f():\n    '''Two.\n\n    Three.'''\n    return 1"),
        ("'''One.'''\nimport a", "import a"),
        ("class A:\n    '''One.'''\n    b = 1", "class A:\n    b = 1"),
        ("async def f():\n    '''One.'''\n    return 1", "async def f():\n    return 1"),
        ("a = 'b' \"c\"", "a = u'bc'"),
        ("a = f'b{c}' 'd' f'{{' f''", "a = f'b{c}d{{'"),
    ],
)
def test_how_it_is_written_does_not_matter(one, other):
    assert code_digest(one.encode()) == code_digest(other.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = 1", "a = 2"),
        ("a = 1", "a = 1.0"),
        ("a = 1", "a = True"),
        ("a = 1", "a = '1'"),
        ("a = '1'", "a = b'1'"),
        ("a = 1", "b = 1"),
        ("a + b", "a - b"),
        ("a < b", "a <= b"),
        ("f(a, b)", "f(b, a)"),
        ("f(a)", "f(*a)"),
        ("f(a=a)", "f(**a)"),
        ("if a:\n    b\nc", "if a:\n    b\n    c"),
        ("def f(a, b=1): pass", "def f(a=1, b=1): pass"),
        ("def f(a, *, b): pass", "def f(a, b): pass"),
        ("def f(*, a=1, b): pass", "def f(*, a, b=1): pass"),
        ("f'{a}'", "f'{a!r}'"),
        ("f'{a:x}'", "f'{a:y}'"),
        ("f'a{b}'", "f'{b}a'"),
        ("f'{a}'", "'{a}'"),
        ("a = None", "a"),
        ("x: int", "x: int = None"),
        ("return_ = [a, b]", "return_ = (a, b)"),
        ("def f():\n    return", "def f():\n    return None"),
        ("def f():\n    a = 'b'\n    'c'", "def f():\n    a = 'b'\n    'd'"),
        ("import a", "import a as b"),
        ("from a import b", "from .a import b"),
        ("a = b[1]", "a = b[1:]"),
    ],
)
def test_what_it_does_matters(one, other):
    assert code_digest(one.encode()) != code_digest(other.encode())


def test_what_versions_leave_out_or_add_does_not_matter(monkeypatch):
    """Nodes as other versions make them: without type_params, an f-string cut up or with empty pieces."""

    def made(**fields) -> ast.Module:
        pieces, value = fields.pop("pieces"), ast.FormattedValue(ast.Name("b", ast.Load()), -1, **fields)
        text = ast.JoinedStr([*pieces, value])
        arguments = ast.arguments([], [], None, [], [], None, [])
        return ast.Module([ast.FunctionDef("f", arguments, [ast.Return(text)], [], None)], [])

    cut = made(
        pieces=[ast.Constant("a"), ast.Constant(""), ast.Constant("{")],
        format_spec=ast.JoinedStr([ast.Constant("")]),
    )
    whole = made(pieces=[ast.Constant("a{")], format_spec=ast.JoinedStr([]))
    whole.body[0].type_params = []
    digests = []
    for tree in (cut, whole):
        code_digest.cache_clear()
        monkeypatch.setattr(ast, "parse", lambda source, tree=tree: tree)
        digests.append(code_digest(b""))
    code_digest.cache_clear()
    assert digests[0] == digests[1]


def test_what_is_no_python_is_digested_as_it_stands():
    assert code_digest(b"a = (") == code_digest(b"a = (") != code_digest(b"a = ( ")
    assert code_digest(b"a\0") != code_digest(b"a")
