"""Settings that dynaconf has taken over: they are set by variables, and by no module of ours."""

from stack.looking.choosing import PRODUCTION
from stack.looking.finding import following
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules

SWITCH = "ENV_FOR_DYNACONF"
MOST = 5


def find(project: Project, modules: Modules, found: Found) -> None:
    """Find the variables with which it has what servers need, in place of a module."""
    its = modules.dynaconf
    if its is None:
        return
    texts = b"\n".join(project.source.read(path) or b"" for path in its.files).decode(
        errors="replace"
    )
    lines = {line.strip(' \t[]:"{') for line in texts.splitlines()}
    found.env[SWITCH] = next((word for word in PRODUCTION if word in lines), PRODUCTION[0])
    if its.files:
        files = ", ".join(its.files[:MOST])
        found.say("env", f"dynaconf reads {files} too, whose settings were not read: look there")
    tree = modules.files.tree(its.path)
    if at := [f"{its.path}:{line}" for line in following.used(tree, "DEBUG")]:
        text = "lines that depend on DEBUG are run before dynaconf sets it: look at"
        found.wrong.append(f"{text} {', '.join(at[:MOST])}")
    for line in found.overriding:
        name, _, text = line.partition(" = ")
        text = f"dynaconf would undo a module with {name} = {text}: set {its.prefix}_{name} in env"
        found.wrong.append(text)
    found.overriding.clear()
