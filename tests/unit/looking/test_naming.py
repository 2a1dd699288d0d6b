"""The project's name, and those of its servers."""

import json
from pathlib import Path

import pytest

from stack.looking import look
from tests.unit.looking.shop import APP, SETTINGS, Look


@pytest.mark.parametrize(
    ("name", "project"),
    [("Shop.git", "shop"), ("my shop!", "my-shop"), ("root", "root-site"), ("2shop", "site-2shop")],
)
def test_the_projects_name(tmp_path: Path, name: str, project: str) -> None:
    for file, text in APP.items():
        (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name / file).write_text(text)
    assert look(str(tmp_path / name)).settings["project"] == project


@pytest.mark.parametrize(
    ("hosts", "name", "said"),
    [
        (["shop.example.org"], "shop.example.org", ""),
        ([".example.org"], "example.org", ""),
        (["localhost", ".railway.app", "www.example.org"], "www.example.org", ""),
        ([".railway.app", ".pythonanywhere.com", "127.0.0.1"], None, "has to be in ALLOWED_HOSTS"),
        (["shop.herokuapp.com"], None, "has to be in ALLOWED_HOSTS"),
        ([".up.railway.app"], None, "has to be in ALLOWED_HOSTS"),
        ([".localhost", "shop.test", "shop.local", "testserver"], None, "has to be in ALLOWED"),
        ([".railway.apps"], "railway.apps", ""),
        (["myfly.dev"], "myfly.dev", ""),
        (["*"], None, "the name that visitors type\n"),
    ],
)
def test_a_servers_name_is_the_projects_own(
    seen: Look, hosts: list[str], name: str | None, said: str
) -> None:
    its = seen({}, settings=f"ALLOWED_HOSTS = {hosts}")
    assert its.settings.server_name == (name or "shop.example.com",)
    assert said in its.text
    assert ("the name that visitors type" in its.text) == (name is None)
    assert ("ALLOWED_HOSTS = " in its.text) == (name is None and hosts != ["*"])


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        (["lib.example.org", "*.example.net"], ["lib.example.org", ".example.net"]),
        (".example.net", [".example.net"]),
        ("xn--e1afmkfd.xn--p1ai", ["xn--e1afmkfd.xn--p1ai"]),
        (["intranet", "shop.*"], ["intranet"]),
        ("_", ["shop.example.com"]),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "os.environ['HOSTS'].split(',')",
        "os.environ['HOSTS'].split()",
        "json.loads(os.environ['HOSTS'])",
        "[]",
    ],
)
def test_several_names_that_are_given(
    tmp_path: Path, text: str, given: object, hosts: list[str]
) -> None:
    files = {**APP, "shop/settings.py": f"import json\n{SETTINGS}ALLOWED_HOSTS = {text}\n"}
    for name, its in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(its)
    found = look(str(tmp_path), own_name="shop", server_name=given)
    assert found.settings["server_name"] == given
    if text == "[]":
        said = found.settings["files"]["shop/settings_on_servers.py"]
        assert f"ALLOWED_HOSTS = {json.dumps(hosts)}" in said
    else:
        asked = compile(text, "", "eval")
        names = {"os": type("", (), {"environ": found.env}), "json": json}
        assert eval(asked, names) == hosts  # noqa: S307
