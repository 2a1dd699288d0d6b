"""What `look.py` prints, and what it refuses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.looking import LookingError, look, printed
from stack.looking.finding.found import Found, from_environment
from stack.looking.printing import literal
from tests.unit.looking.shop import APP, SETTINGS, Look
from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[3]


def test_names_of_the_project_end_no_line(seen: Look) -> None:
    text = (
        "A = os.environ['A\\nimport os']\nB = os.environ['B\"]']\nC = os.getenv('C', 'c\\nd')\n"
        "ALLOWED_HOSTS = os.getenv('ALLOWED_HOSTS', 'x\\nboom()\\n').split(',')\n"
        "STATIC_URL = '/st\"atic/'\nMEDIA_ROOT = BASE_DIR / 'a\\nb'\n"
    )
    its = seen({}, settings=text)
    assert "A" not in its.names["env"]
    assert its.names["env"]["ALLOWED_HOSTS"] == "shop.example.com"


def test_the_command_prints_python_and_nothing_else() -> None:
    told = pyinfra("@local", "look.py", "--data", "source=tests/project")
    assert told.returncode == 0
    names: dict[str, Any] = {}
    exec(told.stdout, names)  # noqa: S102
    assert names["wsgi"] == "fooproject.wsgi"
    # What is off by itself stays off.
    assert names["env"].keys() == {"SECRET_KEY"}


def test_a_mistake_is_one_line() -> None:
    told = pyinfra("@local", "look.py", "--data", "source=docs")
    assert (told.returncode, told.stdout) == (1, "")
    (line,) = [line for line in told.stderr.splitlines() if "error" in line.lower()]
    assert 'source = "docs": there is no manage.py of Django\'s in it' in line
    assert "Traceback" not in told.stderr


def test_a_revision_that_has_become_a_number_is_told_with_its_quotes() -> None:
    words = ("--dry", "@local", "look.py", "--data", f"source={ROOT}", "--data", "revision=1.10")
    done = pyinfra(*words)
    assert done.returncode == 1
    assert "revision = 1.1: expected a branch, tag or commit, as text in quotes" in done.stderr
    assert """--data 'revision="1234567"'""" in done.stderr


def test_names_that_are_given_are_those_of_all_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "SITE_URL = os.environ.get('SITE_URL', 'http://localhost')\n"
    for name, text in {**APP, "shop/settings.py": SETTINGS + more}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("SECRET_KEY", "its own")
    told = pyinfra(
        *("@local", "look.py", "--data", f"source={tmp_path}"),
        *("--data", "project=lib", "--data", "server_name=lib.example.org"),
    )
    names: dict[str, Any] = {}
    exec(told.stdout, names)  # noqa: S102
    assert (names["project"], names["wsgi"]) == ("lib", "shop.wsgi")
    assert names["server_name"] == "lib.example.org"
    assert names["env"]["SITE_URL"] == "http://lib.example.org"
    its = names["files"]["shop/settings_on_servers.py"]
    assert 'ALLOWED_HOSTS = ["lib.example.org"]' in its
    assert "shop.example.com" not in told.stdout


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("rev=x", "rev: no such setting; did you mean revision?"),
        ("sever_name=x", "sever_name: no such setting; did you mean server_name?"),
        (
            "shop=5",
            "shop = 5: no such setting; expected source, revision, project, server_name or src",
        ),
        ("workers=3", "workers = 3: look.py finds it, or leaves it to you"),
        ("project=root", 'project = "root": is a user of the system'),
        ("project=5", "project = 5: expected a user name"),
        ("server_name=a_b", 'server_name = "a_b": expected a host name'),
        ("src=lib", 'src = "lib": there is no manage.py of Django\'s in it; expected .'),
        ("src=/lib", 'src = "/lib": expected '),
        ("server_name=5", "server_name = 5: expected a host name"),
        ("server_name=[]", "server_name = []: expected a host name"),
        ("server_name=", 'server_name = "": expected a host name'),
        ("project=", 'project = "": expected a user name'),
        ("revision=", 'revision = "": expected a branch, tag or commit'),
    ],
)
def test_data_of_no_use_is_refused(data: str, said: str) -> None:
    told = pyinfra("@local", "look.py", "--data", "source=tests/project", "--data", data)
    assert (told.returncode, told.stdout) == (1, "")
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_data_of_pyinfras_own_is_not_refused() -> None:
    data = ("--data", "source=tests/project", "--data", "ssh_user=root", "--data", "_mine=1")
    assert pyinfra("@local", "look.py", *data).returncode == 0


def test_a_password_is_not_taken() -> None:
    with pytest.raises(LookingError, match=r"^source: holds a password"):
        look("https://a:b@example.com/x.git")


def test_what_is_in_another_begins_further_in() -> None:
    long = {"beat": {"command": "celery " + "x" * 80, "hosts": "once"}, "text": "a\nb"}
    text = literal(long, 11)
    assert '    "beat": {\n        "command": "celery ' in text
    assert '"once",\n    },\n' in text
    assert eval(text) == long  # noqa: S307 - it is what a person pastes


NASTY = (
    'ends in a quote\n"',
    'a\n"""\nb',
    "a\\\nb",
    "a\\",
    "both ' and \"",
    "\x1b]0;title\x07\nb",
    "a\rb\nc",
    "a\x0bb\x0c\x1c\x85\u2028\n",
    "\udcff\udc80.py",
    "\u202egnp.exe",
    "\x9b31m",
    "nul\x00\nb",
    "\n",
    '"',
    "",
    "{}",
    "tab\t\nb",
    "ä\nö",
)


def containers(inner: object) -> Iterator[object]:
    yield from (inner, [inner], {"a": inner}, {str(inner): 1}, [[inner]], {"a": {"b": inner}})
    yield from ({"a": [inner]}, [{"a": inner}], {"a": {"b": {str(inner): [inner]}}})


def is_plain(text: str) -> bool:
    """Whether a terminal obeys nothing in it."""
    return all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("text", NASTY)
def test_any_value_is_printed_as_python_that_has_it(text: str) -> None:
    for value in (*containers(text), *containers("x" * 90 + text)):
        shown = literal(value)
        assert eval(shown) == value  # noqa: S307 - it is what a person pastes
        assert is_plain(shown)


TEXTS = st.text() | st.sampled_from(NASTY)


def of_several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)


@given(st.recursive(TEXTS | st.booleans(), of_several, max_leaves=6))
def test_so_is_what_nobody_has_thought_of(value: object) -> None:
    shown = literal(value, 20)
    assert eval(shown) == value  # noqa: S307
    assert is_plain(shown)


@pytest.mark.parametrize("text", NASTY)
def test_what_is_found_under_any_name_is_printed_as_it_is(text: str) -> None:
    env: dict[str, str] = {text: text, f"{text}1": from_environment(text)}
    words = {name: [text, f"say {text}"] for name in ("env", f"env.{text}", "programs", "wsgi")}
    settings = {"project": text, "files": {text: text}, "programs": {text: {"command": text}}}
    found = Found({**settings}, env, words, [text])
    names: dict[str, Any] = {}
    shown = printed(found)[1]
    assert is_plain(shown)
    exec(shown, names)  # noqa: S102
    assert {name: names[name] for name in settings} == settings
    assert names["env"][text] == text
    assert names["env"][f"{text}1"].written == f'from_environment("{text}")'


@pytest.mark.parametrize("text", NASTY)
def test_a_repository_may_have_any_names(tmp_path: Path, text: str) -> None:
    """Of folders, files and variables, and may set what it likes."""
    name = text.replace("\0", "") or "x"
    more = f"A = os.environ[{text!r}]\nif os.environ.get({text!r}, {text!r}): B = {text!r}\n"
    more += f"MEDIA_ROOT = os.environ.get({text!r}, '/srv/' + {text!r})\n"
    more += f"DATABASES = {{'default': {{'ENGINE': {text!r}, 'NAME': '/srv/' + {text!r}}}}}\n"
    its = {f"{name}/manage.py": APP["manage.py"], f"{name}.txt": "", f"shop/{name}/asgi.py": ""}
    for path, content in {**APP, **its, "shop/settings.py": SETTINGS + more}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    shown = printed(look(str(tmp_path)))[1]
    assert is_plain(shown)
    names: dict[str, Any] = {}
    exec(shown, names)  # noqa: S102
    assert names["wsgi"] == "shop.wsgi"
    for file in names.get("files", {}).values():
        compile(file, "a module for servers", "exec")


@pytest.mark.parametrize("text", NASTY)
def test_a_refusal_is_a_line_that_no_terminal_obeys(tmp_path: Path, text: str) -> None:
    path = tmp_path / (text.replace("\0", "") or "x") / "manage.py"
    path.parent.mkdir()
    path.write_text(APP["manage.py"])
    with pytest.raises(LookingError) as told:
        look(str(tmp_path), src="none")
    assert str(told.value).replace("\t", "").isprintable()


def test_so_is_one_of_what_no_setting_takes(tmp_path: Path) -> None:
    path = tmp_path / "\x1b]0;shop\x07" / "manage.py"
    path.parent.mkdir()
    path.write_text(APP["manage.py"])
    with pytest.raises(LookingError) as told:
        look(str(tmp_path))
    assert str(told.value).startswith("?]0;shop?/manage.py: expected a relative path")
