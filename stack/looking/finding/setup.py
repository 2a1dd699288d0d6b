"""What a package's setup.py or setup.cfg requires, read and never run."""

import ast
from configparser import ConfigParser, Error
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import join, normpath, relpath

from stack.looking.project import Project
from stack.looking.reading.parsing import parsed

FILES = ("setup.cfg", "setup.py")


@dataclass(frozen=True)
class Setup:
    """A folder to install, relative to src, with what it says that it requires."""

    folder: str
    file: str
    lines: tuple[str, ...]
    requires_python: str


def find(project: Project) -> Setup | None:
    """The nearest one that installs something, in src or above it."""
    place = PurePosixPath(normpath(project.src))
    for folder in map(str, (place, *place.parents)):
        texts = [_text(project, join(folder, name)) for name in FILES]
        by_cfg, by_py = _of_cfg(texts[0]), _of_py(texts[1])
        if by_cfg is None and by_py is None:
            continue
        lines = [*(by_cfg or ([], ""))[0], *(by_py or ([], ""))[0]]
        says = (by_cfg or ([], ""))[1] or (by_py or ([], ""))[1]
        file = FILES[0] if by_py is None else FILES[1]
        return Setup(relpath(folder, project.src), normpath(join(folder, file)), (*lines,), says)
    return None


def _text(project: Project, path: str) -> str:
    return (project.source.read(normpath(path)) or b"").decode(errors="replace")


def _of_cfg(text: str) -> tuple[list[str], str] | None:
    """The requirements, and those of Python; None where it installs nothing."""
    its = ConfigParser(interpolation=None, strict=False)
    try:
        its.read_string(text)
    except Error:
        return None
    if not its.has_option("options", "install_requires"):
        return None
    lines = its.get("options", "install_requires").splitlines()
    return [line for line in lines if line.strip()], its.get(
        "options", "python_requires", fallback=""
    )


def _of_py(text: str) -> tuple[list[str], str] | None:
    """The same, as far as it is written there as it is."""
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "setup":
            its = {one.arg: _followed(one.value, names) for one in node.keywords}
            listed = its.get("install_requires")
            texts = listed.elts if isinstance(listed, ast.List | ast.Tuple) else []
            return [one for text in texts if (one := _constant(text))], _constant(
                its.get("python_requires")
            )
    return None


def _followed(node: ast.expr, names: dict[str, ast.expr]) -> ast.expr:
    return names.get(node.id, node) if isinstance(node, ast.Name) else node


def _constant(node: ast.expr | None) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
    return ""
