"""The shape of the sources: short files, short functions, a docstring for every module, no name that means nothing."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 40
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "manager", "core", "base", "common", "misc", "tools"}
EXCEPTIONS: dict[str, str] = {
    # "path.py" or "path.py:function": the reason
}


def _docstring_lines(node: ast.AST) -> int:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return 0
    first = node.body[0] if node.body else None
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return (first.end_lineno or 0) - first.lineno + 1
    return 0


def _name(path: Path) -> str:
    return path.relative_to(ROOT / "src").as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    source = path.read_text()
    tree = ast.parse(source)
    assert ast.get_docstring(tree), "a module begins with a sentence that finishes “This file …”"
    lines = source.count("\n") - sum(_docstring_lines(node) for node in ast.walk(tree))
    assert lines <= FILE_LINES_MAX or _name(path) in EXCEPTIONS
    assert path.stem not in EMPTY_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_a_function_is_short(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node)
            assert lines <= FUNCTION_LINES_MAX or f"{_name(path)}:{node.name}" in EXCEPTIONS, node.name


def test_no_exception_is_kept_longer_than_it_is_needed() -> None:
    known = {_name(path) for path in SOURCES}
    assert {name.split(":")[0] for name in EXCEPTIONS} <= known
