"""Imports: of the project's own modules, which are read in turn, and of others."""

import ast

from stack.looking.reading.environment import external
from stack.looking.reading.frame import Frame
from stack.looking.reading.values import External, Module, Raised, Value


def import_modules(node: ast.Import, frame: Frame) -> None:
    """What `import a, b.c as d` brings."""
    for one in node.names:
        frame.reader.imported(one.name, frame)
        own = frame.reader.module(one.name)
        name = one.name if one.asname else one.name.partition(".")[0]
        top = own if one.asname else frame.reader.module(name)
        frame.bind(one.asname or name, Value(top or External(name)), node.lineno)


def import_from(node: ast.ImportFrom, frame: Frame) -> None:
    """What `from a import b` brings. Raises Raised for a lack that the project itself catches."""
    name = _absolute(node, frame)
    own = frame.reader.module(name)
    if own is None and node.level and not _is_package(name, frame):
        _lack(name, frame)
    if own is None and not node.level:
        frame.reader.imported(name, frame)
    for one in node.names:
        if one.name != "*":
            found = _found(own, f"{name}.{one.name}", frame)
            in_folder = frame.reader.files.path(name).endswith("/__init__.py")
            if own and own.names.is_empty and in_folder and not found.is_known:
                _lack(f"{name}.{one.name}", frame)
            frame.bind(one.asname or one.name, found, node.lineno)
        elif own:
            # A line of another file stays that file's.
            its = {key: value for key, value in own.names.own.items() if key[0] != "_"}
            frame.names.own |= its
            kept = ((key, it) for key, it in frame.names.perhaps.items() if key not in its)
            frame.names.perhaps = {**dict(kept), **own.names.perhaps}


def import_module(called: Value, frame: Frame) -> Value:
    """What importlib brings by a name, which a variable often has a default for."""
    name = called.content
    frame.reader.names_module(called.variables)
    if not isinstance(name, str) or name.startswith("."):
        return Value()
    own = frame.reader.module(name)
    package = name.rpartition(".")[0]
    if own is None and package and frame.reader.module(package):
        _lack(name, frame)
        return Value()
    return Value(own or External(name))


def _lack(name: str, frame: Frame) -> None:
    """Note that a module of the project's own is not there.

    Raises Raised where the project catches that, which may be fine with it.
    """
    if frame.reader.files.exists(frame.reader.files.place(name)):
        return  # a folder without __init__.py
    for kind in ("ImportError", "ModuleNotFoundError"):
        if frame.catches(kind) and frame.taken:
            raise Raised(kind, module=name)
    if frame.taken:
        frame.reader.miss(name, frame.path)


def _found(own: Module | None, name: str, frame: Frame) -> Value:
    """What a name of a module, or a module in a package, stands for."""
    found = own.names.get(name.rpartition(".")[2]) if own else None
    if found is not None:
        return found
    inner = frame.reader.module(name)
    if inner is None and own is None:
        return external(name)
    return Value(inner) if inner else Value()


def _absolute(node: ast.ImportFrom, frame: Frame) -> str:
    if not node.level:
        return node.module or ""
    parts = frame.package.split(".")
    above = parts[: len(parts) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def _is_package(name: str, frame: Frame) -> bool:
    """Whether it is a folder without __init__.py, or the folder that the project runs in."""
    return not name or bool(frame.reader.files.exists(frame.reader.files.place(name)))
