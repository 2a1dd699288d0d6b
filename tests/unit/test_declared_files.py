"""What tasks hand to operations: nothing that holds only for the moment of the plan."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TASKS = sorted((Path(__file__).parents[2] / "tasks").glob("*.py"))


def asked_too_early(tree: ast.AST) -> Iterator[int]:
    """The lines where an argument holds what the host was like as the operation was declared.

    A function in its place is asked again when the operation is carried out. A name is what a
    person reads in the plan, and stays.
    """
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        read = {
            name.id
            for node in ast.walk(function)
            if isinstance(node, ast.Assign | ast.NamedExpr) and "observe(" in ast.unparse(node)
            for name in ast.walk(node)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        } | {"observe"}
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            for argument in call.keywords:
                if argument.arg in ("files", "paths", "check") and _is_of(read, argument.value):
                    yield call.lineno


def _is_of(read: set[str], value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return False
    return any(isinstance(node, ast.Name) and node.id in read for node in ast.walk(value))


@pytest.mark.parametrize("task", TASKS, ids=lambda path: path.stem)
def test_another_run_may_change_the_host_between_plan_and_apply(task: Path) -> None:
    assert list(asked_too_early(ast.parse(task.read_text()))) == []


def test_what_is_asked_too_early_is_found() -> None:
    source = """
def early(target):
    seen = observe(target)
    if seen.units:
        in_place(name=f"{seen}", target=target, files=[*nobodys(seen, target)])
    in_place(target=target, files=lambda seen: nobodys(seen, target))
    if old := superfluous(observe(target), target):
        gone(target=target, paths=old)
"""
    assert list(asked_too_early(ast.parse(source))) == [5, 8]
