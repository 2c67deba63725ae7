"""Reads the package: what has a public name says its types and keywords."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "multistyle"
# How the bases of classes begin whose `**kwargs` are Keras' own.
KERAS = ("keras.", "_ImageLayer")
# They pass on what they are given.
DECORATORS = {"suggest_keywords.call", "ending_with_its_reader.read_command"}


def read_functions(source):
    """Yields (dotted name, node, whether its class is made of Keras')."""

    def visit(node, prefix, is_keras):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                bases = [ast.unparse(base) for base in child.bases]
                of_keras = any(base.startswith(KERAS) for base in bases)
                yield from visit(child, f"{prefix}{child.name}.", of_keras)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                name = f"{prefix}{child.name}"
                yield name, child, is_keras
                yield from visit(child, f"{name}.", False)
            else:
                yield from visit(child, prefix, is_keras)

    yield from visit(ast.parse(source), "", False)


def is_public(name):
    """Whether no part of a dotted name is private; `__init__` is not."""
    return not any(
        part.startswith("_") and part not in ("__init__", "__call__")
        for part in name.split(".")
    )


def find_faults(source):
    """Returns a line for each type that is missing and each `**`."""
    faults = []
    functions = {
        name: (node, is_keras)
        for name, node, is_keras in read_functions(source)
    }
    for name, (node, is_keras) in functions.items():
        arguments = node.args
        if arguments.kwarg and not is_keras and name not in DECORATORS:
            faults.append(f"{name}: `**{arguments.kwarg.arg}`")
        is_inner = name.rpartition(".")[0] in functions
        if not is_public(name) or is_inner:
            continue
        named = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
        starred = [arguments.vararg, arguments.kwarg]
        for argument in [*named, *filter(None, starred)]:
            if argument.annotation is None and argument.arg not in (
                "self",
                "cls",
            ):
                faults.append(f"{name}: `{argument.arg}` has no type")
        if node.returns is None and node.name != "__init__":
            faults.append(f"{name}: its result has no type")
    return faults


def test_what_is_public_says_its_types_and_keywords():
    paths = sorted(PACKAGE.rglob("*.py"))
    assert len(paths) > 100
    faults = [
        f"{path.relative_to(PACKAGE)}: {fault}"
        for path in paths
        for fault in find_faults(path.read_text("utf-8"))
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("source", "faults"),
    [
        ("def f(x: int) -> None: ...", []),
        ("def f(x: int): ...", ["f: its result has no type"]),
        ("def f(x, *, y: int = 1) -> int: ...", ["f: `x` has no type"]),
        ("def f(*, y=1) -> int: ...", ["f: `y` has no type"]),
        ("def f(**options: int) -> int: ...", ["f: `**options`"]),
        ("def _f(x): ...", []),
        ("def _f(**more): ...", ["_f: `**more`"]),
        (
            "class A:\n def f(self, x): ...",
            ["A.f: `x` has no type", "A.f: its result has no type"],
        ),
        (
            "class A:\n def __init__(self, x): ...",
            ["A.__init__: `x` has no type"],
        ),
        ("class _A:\n def f(self, x): ...", []),
        ("def f() -> None:\n def g(x): ...", []),
        ("class A(keras.Model):\n def f(self, **kwargs: int) -> int: ...", []),
        (
            "class A(B):\n def f(self, **kwargs: int) -> int: ...",
            ["A.f: `**kwargs`"],
        ),
    ],
)
def test_faults_are_found(source, faults):
    assert find_faults(source) == faults
