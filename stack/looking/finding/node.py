"""What a project builds with Node, as commands for the setting build."""

import re
from posixpath import dirname, join, normpath

from stack.looking.finding import modules_of_node
from stack.looking.finding.found import Found
from stack.looking.project import ASIDE, Project
from stack.looking.reading.values import Names
from stack.source import Source
from stack.source.node import engine, package

TOOLS = (
    ("pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm run build", "pnpm -C {}"),
    ("yarn.lock", "yarn install --frozen-lockfile", "yarn run build", "yarn --cwd {}"),
    ("bun.lock", "bun install --frozen-lockfile", "bun run build", ""),
    ("bun.lockb", "bun install --frozen-lockfile", "bun run build", ""),
    ("package-lock.json", "npm ci", "npm run build", "npm --prefix {}"),
    ("npm-shrinkwrap.json", "npm ci", "npm run build", "npm --prefix {}"),
    ("", "npm install", "npm run build", "npm --prefix {}"),
)
"""Lock files, what installs by them, what builds, and how both are told another folder."""

OF_OTHERS = re.compile(r"(^|/)(\.[^/]*|static|vendor|dist)/")
"""Folders with packages that others have built."""
CONFIGS = {
    "vite.config": "npx vite build",
    "webpack.config": "npx webpack --mode production",
    "webpack.prod": "npx webpack --mode production --config {}",
    "webpack.config.prod": "npx webpack --mode production --config {}",
    "rollup.config": "npx rollup -c",
    "gulpfile": "npx gulp",
    "Gruntfile": "npx grunt",
    "tailwind.config": "npx tailwindcss -i SOURCE.css -o BUILT.css --minify",
}
"""What a file that configures a tool is called, without its ending, and what has the tool build."""
DEEP = 2
MOST = 5


def find(project: Project, names: Names, found: Found) -> None:
    """Find the setting build."""
    if path := theme(project, names, "tailwind"):
        commands = _commands(project.source, dirname(path))
        found.add("build", commands, f"{path} has the style sheets of django-tailwind's theme")
    _built(project.source, path, found)
    at = modules_of_node.folder(project, names)
    if at is None:
        return
    there, kept = join(at, modules_of_node.MODULES), join(at, modules_of_node.KEPT)
    install = _commands(project.source, at)[0]
    before = [one for one in found.settings.get("build", []) if one != install]
    found.set("build", [install, *before, f"mv {there} {kept}"])
    path = join(at, "package.json")
    version = engine(project.source, path)
    asks = f", and {path} asks for Node {version}" if version and not before else ""
    found.say("build", f"static files are collected from {there}, which hosts get as {kept}{asks}")


def theme(project: Project, names: Names, app: str) -> str:
    """The package.json, from the source's root, of the app that django-tailwind builds with Node.

    Empty without one, and of any other app.
    """
    name = names.content("TAILWIND_APP_NAME")
    if app != "tailwind" or app not in names.sequence("INSTALLED_APPS") or not name:
        return ""
    path = normpath(join(project.src, str(name), "static_src", "package.json"))
    return path if project.source.exists(path) else ""


def _built(source: Source, done: str, found: Found) -> None:
    paths = [path for path in source.paths() if path.rpartition("/")[2] == "package.json"]
    paths = [
        path for path in paths if not (ASIDE.search(path) or OF_OTHERS.search(path) or path == done)
    ]
    paths = sorted(paths, key=lambda path: path.count("/"))
    for path in [one for one in paths if one.count("/") < DEEP]:
        if "build" in _scripts(source, path):
            found.add("build", _commands(source, dirname(path)))
            version = engine(source, path)
            tool = f"Node {version}" if version else "its tool"
            found.say("build", f"{path} has a script build, which needs {tool} on this machine")
            return
    for path in paths[:MOST]:
        scripts = _scripts(source, path)
        if "build" in scripts:
            # So far below, it is as likely a part of what another builds.
            its = ", ".join(f'"{one}"' for one in _commands(source, dirname(path)))
            found.say("build", f"{path} has a script build: if it makes static files, [{its}]")
        elif its_tool := _tool(source, dirname(path)):
            config, command = its_tool
            has = f", and has {', '.join(scripts)}" if scripts else ""
            its = ", ".join(f'"{one}"' for one in (_commands(source, dirname(path))[0], command))
            what = f"{config} is there, and {path} has no script build{has}"
            found.say("build", f"{what}: what makes the static files belongs in here, [{its}] say")
        elif scripts:
            what = f"{path} has no script build; it has {', '.join(scripts)}"
            found.say("build", f"{what}: if one of them makes static files, have it run here")


def _tool(source: Source, folder: str) -> tuple[str, str] | None:
    """The file that configures a tool beside a package.json, and what has that build."""
    for stem, command in CONFIGS.items():
        for end in ("js", "ts", "mjs", "cjs", "mts"):
            path = join(folder, f"{stem}.{end}")
            if source.exists(path):
                whole = command.format(f"{stem}.{end}")
                return path, f"cd {folder} && {whole}" if folder else whole
    return None


def _commands(source: Source, folder: str) -> list[str]:
    lock, install, build, there = next(
        tool for tool in TOOLS if not tool[0] or source.exists(join(folder, tool[0]))
    )
    if lock == "yarn.lock" and source.exists(join(folder, ".yarnrc.yml")):
        install = "yarn install --immutable"
    if not folder:
        return [install, build]
    if not there:
        return [f"cd {folder} && {install}", f"cd {folder} && {build}"]
    tool = there.split()[0]
    return [f"{there.format(folder)}{one.removeprefix(tool)}" for one in (install, build)]


def _scripts(source: Source, path: str) -> dict[str, object]:
    scripts = package(source, path).get("scripts")
    return scripts if isinstance(scripts, dict) else {}
