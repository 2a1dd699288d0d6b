"""Which home may import which: the order in which the rest of the code stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import stack
from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
HOMES = (
    *("secrets", "onhost", "host", "inventory", "source", "requirements", "settings", "looking"),
    *("project", "database", "shell", "facts", "state", "commands", "run", "rollout", "report"),
    "operations",
)
"""Of stack: each imports only what stands before it."""
ALONE = ("secrets", "onhost", "host")
"""These import nothing of ours."""


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The modules of ours that a file imports, by the number of the line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] in OURS)


OURS = ("stack", "tasks", "tests", "bench")


def wrong(path: Path) -> Iterator[str]:
    """What of a file of stack's points the wrong way."""
    where = path.relative_to(ROOT)
    home = where.parts[1].removesuffix(".py")
    for line, name in imports(path):
        top, its = name.split(".")[:2]
        if top != "stack" or (its != home and home in ALONE):
            yield f"{where}:{line} imports {name}, and {home} imports nothing of ours"
        elif HOMES.index(its) > HOMES.index(home):
            yield f"{where}:{line} imports {name}, and {its} stands after {home}"


def test_arrows_point_one_way() -> None:
    files = sorted((ROOT / "stack").rglob("*.py"))
    assert [line for path in files if path.parent.name != "stack" for line in wrong(path)] == []


def test_tasks_import_only_what_stands_before_them() -> None:
    files = sorted((ROOT / "tasks").glob("*.py"))
    found = [f"{p.name}:{line}" for p in files for line, name in imports(p) if name[:5] != "stack"]
    assert found == []


def test_every_home_has_its_place() -> None:
    there = {path.stem for path in (ROOT / "stack").iterdir() if path.stem[0] != "_"}
    assert there == set(HOMES)


def test_the_page_has_the_homes_in_their_order() -> None:
    _, _, shape = (ROOT / "docs" / "design.md").read_text().partition("| home |")
    rows = re.findall(r"^ *\| ([a-z, ]+) \|", shape.partition("\n\n")[0], re.M)
    assert tuple(", ".join(rows).split(", ")) == HOMES


def test_the_package_names_every_home_in_its_order() -> None:
    told = re.findall(r"`(\w+)`", (stack.__doc__ or "").partition("Words,")[0])
    assert tuple(told) == HOMES


@pytest.mark.parametrize(
    ("home", "line", "told"),
    [
        ("facts", "from stack.commands.files import put", "commands stands after facts"),
        ("host", "from stack.settings import Settings", "host imports nothing of ours"),
        ("run", "import tests.lab", "run imports nothing of ours"),
    ],
)
def test_an_arrow_that_points_back_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str, line: str, told: str
) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "stack" / home / "new.py"
    path.parent.mkdir(parents=True)
    path.write_text(f"{line}\n")
    assert [told in problem for problem in wrong(path)] == [True]


def test_what_few_plans_need_is_not_imported_for_all(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(
        "import pkgutil, sys, tasks, stack.run.target\n"
        "for one in pkgutil.iter_modules(tasks.__path__, 'tasks.'): __import__(one.name)\n"
        "print('cryptography.x509' in sys.modules)"
    )
    done = pyinfra("@fake/web1", tmp_path / "fake_deploy.py", "--dry")
    assert done.stdout == "False\n", done.stderr
