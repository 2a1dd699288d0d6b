"""Which entry files need which secrets, where the vault is away."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.host.files import File
from stack.project.target import Target
from stack.secrets import SecretError, from_environment
from stack.settings import SettingsError, load_all
from tests.unit.fake_hosts import INVENTORY, LINK, LIVE, SETTINGS, home
from tests.unit.running import pyinfra

SECRETS = ("database_password", "tls_certificate", "tls_key", "nginx_server")
PAGES = ("maintenance_page", "unavailable_page")
AWAY = """
from stack.secrets import SecretError

def _away():
    raise SecretError("the vault is away")

for _, _its in app:
    _its |= {"env": {"SECRET_KEY": _away}, "files": {"a.py": _away}, "tls": "files"}
    _its |= dict.fromkeys(["tls_certificate", "tls_key", "database_password"], _away)
"""
KEPT = ("releases/old-1/.built", "releases/old-1/before-migrating-20260101T000000Z.dump")


def unreachable() -> str:
    raise AssertionError("a secret was asked for")


def away() -> str:
    raise SecretError("the vault is away")


def data(function: Callable[[], str]) -> dict[str, object]:
    """Settings whose every secret is had by a function."""
    return {
        "server_name": "a.example",
        "default_server": False,
        "tls": "files",
        "address": "10.0.0.1",
        "env": {"SECRET_KEY": function, "DATABASE_URL": function},
        "files": {"a.py": function},
        **dict.fromkeys([*SECRETS, *PAGES], function),
    }


def test_no_function_is_called_whose_setting_is_not_needed() -> None:
    hosts = {name: {**data(unreachable), "address": name} for name in ("10.0.0.1", "10.0.0.2")}
    groups = {"10.0.0.1": ("app", "db"), "10.0.0.2": ("app",)}
    settings = load_all(hosts, groups, needed=())
    # It is known that there is one, and so which files there are.
    target = Target(settings["10.0.0.1"])
    assert {str(target.layout.nginx_lines), f"{target.layout.certificates}/files/privkey.pem"} <= {
        file.path for file in target.files.all
    }


def test_what_nobody_has_read_is_never_taken_for_a_text() -> None:
    [its] = load_all({"web": data(unreachable)}, needed=()).values()
    for secret in (its.env["SECRET_KEY"], its.files["a.py"], its.tls_key, its.maintenance_page):
        assert secret
        with pytest.raises(LookupError, match="no need"):
            secret.get_secret_value()
    [key] = [file for file in Target(its).files.https if file.path.endswith("/privkey.pem")]
    assert isinstance(key, File)
    assert not key.is_in_place(None)
    with pytest.raises(LookupError, match="no need"):
        assert key.content


def test_a_text_is_there_all_the_same_and_is_checked() -> None:
    text = {"source": ".", "env": {"SECRET_KEY": "text"}, "maintenance_page": "<p>"}
    [its] = load_all({"web": text}, needed=()).values()
    assert its.env["SECRET_KEY"].get_secret_value() == "text"
    assert its.maintenance_page.get_secret_value() == "<p>"
    with pytest.raises(SettingsError, match="tls_key: expected the text of a PEM file"):
        load_all({"web": {**text, "tls_key": "shop.key"}}, needed=())


@pytest.mark.parametrize("name", [*SECRETS, *PAGES])
def test_what_is_needed_is_asked_for_and_its_problem_told_in_one_line(name: str) -> None:
    its = {**data(unreachable), name: away}
    with pytest.raises(SettingsError) as told:
        load_all({"web": its}, {"web": ("app", "db")}, needed=(name,))
    assert str(told.value).splitlines()[1:] == [f"  web: {name}: the vault is away"]


def test_other_problems_are_told_and_the_source_is_not_looked_at() -> None:
    its = {**data(unreachable), "source": "/nowhere"}
    assert load_all({"web": its}, needed=())
    with pytest.raises(SettingsError, match="workers = 0"):
        load_all({"web": {**its, "workers": 0}}, needed=())
    missing = {name: value for name, value in its.items() if name != "tls_key"}
    with pytest.raises(SettingsError, match="tls_key: is missing"):
        load_all({"web": missing}, needed=())


def test_whoever_makes_a_release_needs_them_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_SECRET", raising=False)
    with pytest.raises(SettingsError) as told:
        load_all({"web": data(from_environment("A_SECRET"))}, {"web": ("app", "db")})
    said = str(told.value)
    for name in (*SECRETS, *PAGES, 'env["SECRET_KEY"]', 'files["a.py"]'):
        assert f"{name}: the environment variable A_SECRET is not set on this machine" in said


@pytest.mark.parametrize(
    ("roles", "more", "called"),
    [
        (("app",), {"tls": "off"}, {"env", "files", "nginx_server", *PAGES}),
        (("app",), {"tls": "acme"}, {"env", "files", "nginx_server", *PAGES}),
        (("app",), {}, {"env", "files", "tls_certificate", "tls_key", "nginx_server", *PAGES}),
        (("lb",), {}, {"tls_certificate", "tls_key"}),
        (("lb",), {"tls": "off"}, set()),
        (("db",), {}, {"database_password"}),
    ],
)
def test_no_function_is_called_whose_value_has_no_effect_on_the_host(
    roles: tuple[str, ...], more: dict[str, str], called: set[str]
) -> None:
    hosts: dict[str, dict[str, object]] = {"one": {**data(away), **more}}
    groups = {"one": roles}
    if roles != ("app",):
        hosts["web"] = {"source": "tests/project", "address": "10.0.0.9"}
        groups["web"] = ("app",)
    told = ""
    try:
        settings = load_all(hosts, groups)
    except SettingsError as error:
        told = str(error)
    else:
        assert called == set()
        assert Target(settings["one"], frozenset(roles)).files.all
    assert set(re.findall(r"one: (\w+)(?:\[.*?\])?: the vault is away", told)) == called


def on_a_fake_host(folder: Path, *words: str, **more: str) -> tuple[int, str]:
    """How a dry run ends over a host that serves old-1, while the vault is away, and what it said.

    Args:
        more: further settings, as Python.
    """
    text = INVENTORY.format(seen=[*LIVE[:-1], LINK, home(*KEPT)], broken=-1, count=1, data=SETTINGS)
    its = [f"    _its[{name!r}] = {value}\n" for name, value in more.items()]
    path = folder / "inventory.py"
    path.write_text("".join([text, AWAY, *its]))
    done = pyinfra(path, *words, "--dry")
    return done.returncode, done.stdout + done.stderr


ROLLBACK = ("rollback.py", "--data", "release=old-1", "--data", "force=True")
CLOSE = ("maintenance.py", "--data", "on=True")
OPEN = ("maintenance.py", "--data", "on=False")


@pytest.mark.parametrize(
    "words",
    [
        ("remove.py",),
        ("remove.py", "--data", "everything=True"),
        CLOSE,
        OPEN,
        ROLLBACK,
        ("restore.py", "--data", "release=old-1"),
    ],
)
def test_an_entry_file_that_writes_no_secret_asks_for_none(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    code, said = on_a_fake_host(tmp_path, *words)
    assert code == 0, said
    assert "vault" not in said


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (CLOSE, "maintenance_page"),
        (ROLLBACK, "nginx_server"),
        (ROLLBACK, "unavailable_page"),
        (("deploy.py",), "nginx_server"),
    ],
)
def test_an_entry_file_that_writes_one_fails_for_it_in_one_line(
    tmp_path: Path, words: tuple[str, ...], name: str
) -> None:
    code, said = on_a_fake_host(tmp_path, *words, **{name: "_away"})
    assert code == 1
    assert f"@fake/web1: {name}: the vault is away" in said
    assert "nothing was changed" in said
    assert "Traceback" not in said


def test_a_site_is_opened_without_the_page_that_has_closed_it(tmp_path: Path) -> None:
    assert on_a_fake_host(tmp_path, *OPEN, maintenance_page="_away")[0] == 0
