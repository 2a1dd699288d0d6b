"""What Node builds, and what is collected from its packages."""

import json

import pytest

from tests.unit.looking.shop import APP, SETTINGS, Look, moved


@pytest.mark.parametrize(
    ("files", "build"),
    [
        (["package.json", "package-lock.json"], ["npm ci", "npm run build"]),
        (["package.json"], ["npm install", "npm run build"]),
        (
            ["package.json", "yarn.lock"],
            ["yarn install --frozen-lockfile", "yarn run build"],
        ),
        (
            ["package.json", "pnpm-lock.yaml"],
            ["pnpm install --frozen-lockfile", "pnpm run build"],
        ),
        (
            ["ui/package.json", "ui/package-lock.json"],
            ["npm --prefix ui ci", "npm --prefix ui run build"],
        ),
        (["a/b/package.json"], None),
    ],
)
def test_a_build(seen: Look, files: list[str], build: list[str] | None) -> None:
    its = seen({name: json.dumps({"scripts": {"build": "x"}}) for name in files})
    assert its.names.get("build") == build
    its.loads()


@pytest.mark.parametrize(
    ("engines", "tool"),
    [
        ({"node": "26.5"}, "Node 26.5"),
        ({"node": ">=22 <27", "npm": "10"}, "Node >=22 <27"),
        ({"npm": "10"}, "its tool"),
        ({"node": "26\n5"}, "its tool"),
        ({"node": 26}, "its tool"),
        (None, "its tool"),
    ],
)
def test_the_node_that_a_build_asks_for_is_named(seen: Look, engines: object, tool: str) -> None:
    content = {"scripts": {"build": "x"}} | ({"engines": engines} if engines else {})
    its = seen({"ui/package.json": json.dumps(content)})
    said = f"ui/package.json has a script build, which needs {tool} on this machine"
    assert its.found.words["build"] == [said]
    its.loads()


def test_the_node_that_packages_ask_for_is_named(seen: Look) -> None:
    its = seen({"package.json": json.dumps({"engines": {"node": "26.5"}})}, settings=NPM)
    assert any("and package.json asks for Node 26.5" in one for one in its.found.words["build"])


def test_a_package_json_without_a_build(seen: Look) -> None:
    its = seen({"package.json": json.dumps({"scripts": {"lint": "x", "prod": "vite build"}})})
    assert "build" not in its.names
    assert "package.json has no script build; it has lint, prod:" in its.text


NPM = "STATICFILES_FINDERS = ['npm.finders.NpmFinder']\n"
ASSETS = "STATICFILES_FINDERS = ['django_node_assets.finders.NodeModulesFinder']\n"


@pytest.mark.parametrize(
    ("text", "src", "at", "build", "link"),
    [
        (NPM, "", "", ["npm ci", "mv node_modules npm_modules"], "node_modules"),
        (
            NPM + "NPM_ROOT_PATH = '../'",
            "back",
            "",
            ["npm ci", "mv node_modules npm_modules"],
            "../node_modules",
        ),
        (
            NPM + "NPM_ROOT_PATH = BASE_DIR / 'ui'",
            "back",
            "back/ui/",
            ["npm --prefix back/ui ci", "mv back/ui/node_modules back/ui/npm_modules"],
            "ui/node_modules",
        ),
        (
            ASSETS + "NODE_MODULES_ROOT = BASE_DIR / 'ui' / 'node_modules'",
            "",
            "ui/",
            ["npm --prefix ui ci", "mv ui/node_modules ui/npm_modules"],
            "ui/node_modules",
        ),
        (
            "STATICFILES_DIRS = [('x', BASE_DIR.parent / 'ui/node_modules/@a/b')]",
            "back",
            "ui/",
            ["npm --prefix ui ci", "mv ui/node_modules ui/npm_modules"],
            "../ui/node_modules",
        ),
        (
            "STATICFILES_DIRS = (os.path.join(BASE_DIR, 'shop', '..', 'node_modules'),)",
            "",
            "",
            ["npm ci", "mv node_modules npm_modules"],
            "node_modules",
        ),
        (NPM + "NPM_ROOT_PATH = vault.get()", "", "ui/", None, None),
        ("STATICFILES_DIRS = [BASE_DIR / 'static']", "", "", None, None),
    ],
)
def test_packages_of_nodes_that_static_files_are_collected_from(
    seen: Look, text: str, src: str, at: str, build: list[str] | None, link: str | None
) -> None:
    files: dict[str, str | None] = {f"{at}package.json": "{}", f"{at}package-lock.json": "{}"}
    more = SETTINGS + text
    files |= moved({**APP, "shop/settings.py": more}, src) if src else {"shop/settings.py": more}
    its = seen(files)
    assert its.names.get("build") == build
    commands = {"before_static": [f"ln -sfn npm_modules {link}"]} if link else None
    assert its.names.get("commands") == commands
    its.loads()


def test_what_is_built_is_built_before_its_packages_have_another_name(seen: Look) -> None:
    its = seen({"package.json": json.dumps({"scripts": {"build": "x"}})}, settings=NPM)
    assert its.names["build"] == ["npm install", "npm run build", "mv node_modules npm_modules"]


@pytest.mark.parametrize(
    ("path", "is_told"),
    [
        ("shop/ui/app/package.json", True),
        ("shop/static/css/bulma/package.json", False),
        ("vue/.vite/deps/package.json", False),
        ("shop/ui/node_modules/x/package.json", False),
    ],
)
def test_a_build_far_below_is_told(seen: Look, path: str, is_told: bool) -> None:
    its = seen({path: json.dumps({"scripts": {"build": "vite build"}})})
    assert "build" not in its.names
    assert (f"{path} has a script build: if it makes static files" in its.text) == is_told
    above = {"package.json": json.dumps({"scripts": {"build": "x"}})}
    both = seen({**above, path: json.dumps({"scripts": {"build": "vite build"}})})
    assert both.names["build"] == ["npm install", "npm run build"]
    assert path not in both.text


def test_a_theme_of_django_tailwinds_is_built_where_node_is(seen: Look) -> None:
    text = "INSTALLED_APPS += ['tailwind', 'theme']\nTAILWIND_APP_NAME = 'theme'\n"
    package = json.dumps({"scripts": {"build": "x"}})
    its = seen({"theme/static_src/package.json": package}, settings=text)
    prefix = "npm --prefix theme/static_src"
    assert its.names["build"] == [f"{prefix} install", f"{prefix} run build"]
    assert "commands" not in its.names
    its.loads()
    both = seen({"theme/static_src/package.json": package, "package.json": package}, settings=text)
    assert both.names["build"] == [*its.names["build"], "npm install", "npm run build"]


@pytest.mark.parametrize(
    ("folder", "config", "command"),
    [
        ("", "webpack.config.js", "npx webpack --mode production"),
        ("", "webpack.prod.js", "npx webpack --mode production --config webpack.prod.js"),
        ("", "vite.config.ts", "npx vite build"),
        ("front/", "rollup.config.mjs", "cd front && npx rollup -c"),
        ("a/b/front/", "tailwind.config.js", "cd a/b/front && npx tailwindcss -i "),
    ],
)
@pytest.mark.parametrize("scripts", [{}, {"watch": "x"}])
def test_a_tool_without_a_script_build_is_told_with_what_to_write(
    seen: Look, folder: str, config: str, command: str, scripts: dict[str, str]
) -> None:
    package = json.dumps({"scripts": scripts})
    its = seen({f"{folder}package.json": package, f"{folder}{config}": ""})
    assert "build" not in its.names
    [said] = its.found.words["build"]
    assert said.startswith(f"{folder}{config} is there, and {folder}package.json has no")
    assert f', "{command}' in said
    assert ("and has watch" in said) == bool(scripts)
