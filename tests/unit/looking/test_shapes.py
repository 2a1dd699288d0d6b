"""Projects of every shape: what is found of them loads, and fits."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command

from stack.looking import LookingError, look
from stack.source import resolve
from stack.source.folder import Folder
from tests.unit.looking.shop import APP, MANAGE, SETTINGS, Look, Seen, moved


def test_a_project_that_is_ready_needs_no_more_than_its_names(seen: Look) -> None:
    its = seen({})
    assert its.settings.wsgi == "shop.wsgi"
    assert its.plain == {"env": ["SECRET_KEY"]}
    assert its.secret == {"SECRET_KEY"}
    assert its.wrong == ""


def test_a_fresh_startproject_is_deployed_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "shop"
    source.mkdir()
    call_command("startproject", "shop", str(source))
    its = Seen(source, monkeypatch)
    settings = its.settings
    assert settings.shared == ("db.sqlite3",)
    assert settings.migrate == "each"
    assert settings.health_path == "/admin/login/"
    for line in ("DEBUG is True", "SECRET_KEY is in the source", "ALLOWED_HOSTS", "requirements"):
        assert line in its.wrong
    assert settings.files["requirements.txt"].get_secret_value() == "django==5.2.*\n"
    # Its own settings stay as they are: a module beside them has what they lack.
    (source / "shop" / "settings_on_servers.py").write_text(
        settings.files["shop/settings_on_servers.py"].get_secret_value()
    )
    asked = "from django.conf import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.SECRET_KEY)"
    env = {name: value.get_secret_value() for name, value in settings.env.items()}
    told = subprocess.check_output(
        [sys.executable, "-c", asked], cwd=source, env={**os.environ, **env}, text=True
    )
    assert told == "False ['shop.example.com'] its SECRET_KEY\n"


def test_src_in_a_folder(seen: Look) -> None:
    its = seen({**moved(APP, "backend"), "docs/example/manage.py": MANAGE.format("x")})
    assert its.plain == {"src": "backend", "env": ["SECRET_KEY"]}
    assert "docs/example" in its.text
    its.loads()


def test_requirements_above_src(seen: Look) -> None:
    files = moved(APP, "backend") | {"requirements.txt": "django\n"}
    del files["backend/requirements.txt"]
    assert seen(files).plain == {"src": "backend", "env": ["SECRET_KEY"]}


def test_modules_beside_src(seen: Look) -> None:
    files = {**moved(APP, "demo"), "lib/shopping/__init__.py": ""}
    its = seen({**files, "demo/shop/settings.py": f"{SETTINGS}import shopping\n"})
    assert its.names["env"]["PYTHONPATH"] == "../lib"
    inner = seen({"shop/graphql/__init__.py": ""}, settings="import graphql\n")
    assert inner.plain == {"env": ["SECRET_KEY"]}


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a' * 10**9\n",
        "x = 'a'\nfor i in range(99):\n    x = x + x\n",
        "def f(x):\n    return f(f(x + 'a'))\nx = f('a')\n",
        "while True:\n    pass\n",
        f"x = {'(' * 500}1{')' * 500}\n",
        f"x = {'-' * 50_000}1\n",
        "x = [" + "0, " * 50_000 + "]\ny = [[b for b in x] for a in x]\n",
        "x = '{:>999999999}'.format(1)\ny = '%999999999d' % 1\nz = f'{1:>999999999}'\n",
        "x = [0, 0]\n" + "x = [x, x]\n" * 25 + "y = [x for x in x]\n",
        "x = (1,)\n" + "x = {'a': x, 'b': x}\n" * 25,
        "this is no Python\n",
        "import os\nos.system('touch /tmp/look-was-here')\nopen('/tmp/look-was-here', 'w')\n",
        "__import__('os').system('touch /tmp/look-was-here')\n",
        "# \udcff".encode(errors="surrogateescape").decode("latin-1") + "\n",
    ],
)
def test_nothing_is_run_and_nothing_takes_long(seen: Look, text: str) -> None:
    begun = time.process_time()
    its = seen({}, settings=text)
    assert time.process_time() - begun < 10
    assert its.names["project"] == "shop"
    assert not Path("/tmp/look-was-here").exists()


def test_a_source_without_a_project(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("print('of something else')\n")
    with pytest.raises(LookingError, match=r"^source = .*: there is no manage.py of Django's"):
        look(str(tmp_path))


def test_of_several_projects_one_is_chosen(tmp_path: Path) -> None:
    for name in ("chat", "news"):
        (tmp_path / name / name).mkdir(parents=True)
        (tmp_path / name / "manage.py").write_text(MANAGE.format(f"{name}.settings"))
        (tmp_path / name / name / "settings.py").write_text(SETTINGS)
    found = look(str(tmp_path))
    assert found.settings["src"] == "chat"
    assert found.words["src"] == ["there is a manage.py in news as well: --data src=…"]
    assert look(str(tmp_path), src="news/").settings["src"] == "news"
    with pytest.raises(LookingError, match=r'^src = "other": .* expected chat or news$'):
        look(str(tmp_path), src="other")


def test_a_source_knows_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("a.py", "b/c.py", "node_modules/d.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "b" / "link").symlink_to("c.py")
    assert Folder(tmp_path, "x").paths() == ["a.py", "b/c.py", "b/link"]
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "a.py", "b"), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert resolve(str(tmp_path)).paths() == ["a.py", "b/c.py", "b/link"]


def test_a_module_of_megabytes_is_not_taken_apart(seen: Look) -> None:
    """Its tree would take several hundred times as much."""
    printed = seen({}, settings=f"DATA = [{'[],' * 400_000}]\n").text
    assert "shop.settings says too little without being run" in printed
