"""No function body stands twice in the figures and the lessons: what two pages do alike has one home."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHORTEST = 3  # statements, those inside of others counted; what is shorter may well be said twice
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


class _Names(ast.NodeTransformer):
    """A function's own names by their order, so that the same body under other names is the same."""

    def __init__(self, own):
        self.numbers = {name: f"_{i}" for i, name in enumerate(own)}

    def visit_Name(self, node):
        return ast.copy_location(ast.Name(self.numbers.get(node.id, node.id), node.ctx), node)

    def visit_arg(self, node):
        return ast.copy_location(ast.arg(self.numbers.get(node.arg, node.arg)), node)


def own_names(function):
    """Parameters and what is assigned, in order of appearance."""
    names = [arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)]
    stored = (node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return list(dict.fromkeys([*names, *stored]))


def bodies(source):
    """(name, normalised body) of every function that is long enough, without its docstring."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTION):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if sum(isinstance(inner, ast.stmt) for part in body for inner in ast.walk(part)) >= SHORTEST:
                names = _Names(own_names(node))
                yield node.name, "\n".join(ast.dump(names.visit(part)) for part in body)


def test_the_same_body_under_other_names_is_found():
    one = 'def a(x, y):\n    """One."""\n    z = x + y\n    z *= 2\n    return z\n'
    other = "def b(p, q):\n    r = p + q\n    r *= 2\n    return r\n"
    third = "def c(p, q):\n    r = p - q\n    r *= 2\n    return r\n"
    found = [dict(bodies(source)).popitem()[1] for source in (one, other, third)]
    assert found[0] == found[1] != found[2]
    assert list(bodies("def d(x):\n    return x\n")) == []


@pytest.mark.parametrize("room", ["figures", "lessons"])
def test_no_function_body_stands_twice(room):
    places = defaultdict(list)
    for path in sorted((ROOT / "lrviz" / room).rglob("*.py")):
        for name, body in bodies(path.read_text(encoding="utf-8")):
            places[body].append(f"{path.relative_to(ROOT)}: {name}")
    assert sum(map(len, places.values())) > 100
    assert [where for where in places.values() if len(where) > 1] == []
