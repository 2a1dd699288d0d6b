"""A command line that means nothing, or nobody, is an error in a line, and no success."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.running import ROOT, pyinfra

NO_ENTRIES = {"config.py", "inventory.py"}

DEPLOY = """
from pyinfra.operations import server
server.shell(name="Greet", commands="true")
"""


@pytest.fixture
def deploy(tmp_path: Path) -> Path:
    path = tmp_path / "fake_deploy.py"
    path.write_text(DEPLOY)
    return path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--limit", "web9"), "--limit web9: is neither a group nor a host; there are "),
        (
            ("--limit", "@fake/web1", "--limit", "web9"),
            "--limit web9: is neither a group nor a host",
        ),
        (("--exclude", "web9"), "--exclude web9: is neither a group nor a host; there are "),
        (("--exclude", "@fake/*"), "--exclude: leaves no host of those that were selected."),
        (("--data", "workers"), "--data workers: expected NAME=VALUE."),
        (("--parallel", "-1"), "--parallel -1: expected 1 or more."),
    ],
)
def test_words_that_mean_nobody_or_nothing_are_an_error(
    deploy: Path, words: tuple[str, ...], told: str
) -> None:
    done = pyinfra("@fake/web1,@fake/web2", deploy, "-y", *words)
    assert done.returncode == 1
    assert f"pyinfra error: {told}" in done.stderr
    assert "Nothing was changed." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_long_list_of_hosts_says_how_many_it_leaves_out(deploy: Path) -> None:
    hosts = ",".join(f"@fake/web{number}" for number in range(10, 30))
    done = pyinfra(hosts, deploy, "-y", "--limit", "web9")
    [listed] = re.findall(r"there are (.*) and (\d+) more\. Nothing was changed", done.stderr)
    assert len(listed[0].split(", ")) == 10
    assert int(listed[1]) >= 10


@pytest.mark.parametrize(
    "words", [("--limit", "@fake/web1"), ("--limit", "@fake/*"), ("--exclude", "@fake/web2")]
)
def test_words_that_mean_somebody_are_none(deploy: Path, words: tuple[str, ...]) -> None:
    done = pyinfra("@fake/web1,@fake/web2", deploy, "--dry", *words)
    assert done.returncode == 0, done.stderr
    assert "@fake/web1" in done.stderr


def test_an_inventory_without_a_host_is_an_error(deploy: Path, tmp_path: Path) -> None:
    """As one whose path is mistyped, which pyinfra would look up as the name of a host."""
    inventory = tmp_path / "production.py"
    inventory.write_text("app = []\n")
    done = pyinfra(inventory, deploy, "-y")
    assert done.returncode == 1
    assert f"{inventory}: there is no such inventory, or no host in it." in done.stderr


@pytest.mark.parametrize("file", ["inventory.py", "group_data/all.py"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"workers = 3\nname = shp\n", ":2: NameError: name 'shp' is not defined."),
        (b"workers = (\n", ":1: SyntaxError: '(' was never closed."),
        (b"def key():\n    return {}['a']\n\nsecret = key()\n", ":2: KeyError: 'a'."),
        (b"import no_such_module\n", ":1: ModuleNotFoundError: No module named 'no_such_module'."),
        (b"open('/nowhere')\n", ":1: FileNotFoundError: [Errno 2] No such file or directory: "),
        (b"# \xff\n", ": UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff"),
        (
            b"\xef\xbb\xbfapp = []\n",
            ": begins with a byte order mark; expected it saved as UTF-8 w",
        ),
        (b"\xff\xfea\0\n\0", ": begins with a byte order mark; expected it saved as UTF-8 w"),
        (b"# \0\n", "Error: source code string cannot contain null bytes."),
    ],
)
def test_a_mistake_in_a_file_of_settings_is_a_line_with_its_place(
    deploy: Path, tmp_path: Path, file: str, text: bytes, told: str
) -> None:
    (tmp_path / "group_data").mkdir()
    inventory = tmp_path / "inventory.py"
    inventory.write_text('app = ["@fake/web1"]\n')
    path = tmp_path / file
    path.write_bytes(text)
    done = pyinfra(inventory, deploy, "-y")
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "pyinfra error: " in line]
    assert f"pyinfra error: {path}:" in line
    assert told in line
    assert "Nothing was changed." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "pyinfra-debug.log").exists()


@pytest.mark.parametrize("of_a_host", ["", ', {"ssh_user": "root"}'])
def test_a_host_without_the_brackets_of_a_list_is_told(
    deploy: Path, tmp_path: Path, of_a_host: str
) -> None:
    inventory = tmp_path / "inventory.py"
    inventory.write_text(f'app = ("192.0.2.1"{of_a_host or ","})\n')
    done = pyinfra(inventory, deploy, "-y")
    assert done.returncode == 1
    assert 'expected a list of hosts: app = [("192.0.2.1", …)]' in done.stderr


@pytest.mark.parametrize(
    ("name", "told"), [("prodution", True), ("staging", False), ("production", False)]
)
def test_data_of_a_group_whose_name_is_misspelt_are_told_of(
    deploy: Path, tmp_path: Path, name: str, told: bool
) -> None:
    (tmp_path / "group_data").mkdir()
    inventory = tmp_path / "production.py"
    inventory.write_text('app = ["@fake/web1"]\nlb = []\n')
    (tmp_path / f"group_data/{name}.py").write_text("workers = 3\n")
    done = pyinfra(inventory, deploy, "--dry")
    assert done.returncode == 0, done.stderr
    line = f"group_data/{name}.py: no host is in a group of that name; did you mean"
    assert (f"{line} group_data/production.py?" in done.stderr) == told


def test_a_group_that_is_no_list_of_hosts_ends_the_run_in_a_line(
    deploy: Path, tmp_path: Path
) -> None:
    inventory = tmp_path / "inventory.py"
    inventory.write_text('app = [("@fake/web1", {})],\nlb = ["@fake/lb", {"ssh_user": "root"}]\n')
    done = pyinfra(inventory, deploy, "-y")
    assert done.returncode == 1
    assert "app = […],: expected a list of hosts; leave the comma at its end out." in done.stderr
    assert "lb has {…}: expected a list of hosts, each" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_with_a_passphrase_where_nobody_can_be_asked_is_told_with_what_to_do(
    deploy: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(key)]
    subprocess.run(words, check=True)
    program = Path(sys.executable).with_name("pyinfra")
    done = subprocess.run(
        [program, "@ssh/127.0.0.1", str(deploy), "--dry", "--data", f"ssh_key={key}"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # who runs the tests may have a terminal
    )
    assert done.returncode == 1
    assert (
        f"The key {key} has a passphrase, and there is no terminal to ask you on: add the key to "
        "your SSH agent by ssh-add, or set ssh_key_password"
    ) in done.stderr
    assert "EOF error" not in done.stderr


def test_an_entry_file_in_the_inventorys_place_is_told(deploy: Path) -> None:
    done = pyinfra("deploy.py", deploy, "-y")
    assert done.returncode == 1
    assert "deploy.py: is not an inventory, which comes before it." in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_that_fails_where_nobody_can_be_asked_is_told_with_what_to_do(
    deploy: Path, tmp_path: Path
) -> None:
    done = pyinfra("@fake/web1,@ssh/127.0.0.1", deploy, "--dry", "--data", "ssh_port=1")
    assert done.returncode == 1
    assert "leave it out with --exclude. Nothing was changed." in done.stderr


def test_a_group_without_a_host_is_nobody(deploy: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "production.py"
    inventory.write_text('app = ["@fake/web1"]\nlb = []\n')
    done = pyinfra(inventory, deploy, "-y", "--limit", "lb")
    assert done.returncode == 1
    assert "--limit lb: is neither a group nor a host" in done.stderr


def test_who_cannot_be_asked_is_told_of_y(deploy: Path) -> None:
    done = pyinfra("@fake/web1", deploy)
    assert done.returncode == 1
    assert "pyinfra error: there is no terminal to ask you on; add -y" in done.stderr
    assert "Traceback" not in done.stderr
    assert pyinfra("@fake/web1", deploy, answer="\n").returncode == 0


def with_streams(command: str, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run pyinfra as a shell does that is told what its streams are: `$@ <&-` say."""
    run = [sys.executable, "-m", "pyinfra", *map(str, words)]
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command, "bash", *run],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
    )


def test_who_has_closed_standard_input_is_told_of_y_too(deploy: Path) -> None:
    done = with_streams('"$@" <&-', "@fake/web1", deploy)
    assert done.returncode == 1
    assert "pyinfra error: there is no terminal to ask you on; add -y" in done.stderr
    assert "Traceback" not in done.stderr


LOOK = ("@local", "look.py", "--data", "source=tests/project")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ('"$@" >/dev/full', "No space left on device"),
        ('"$@" | true', "Broken pipe"),
    ],
)
@pytest.mark.parametrize("words", [LOOK, (*LOOK, "--json"), ("@fake/web1", "DEPLOY", "--json")])
def test_what_cannot_be_told_is_an_error_in_a_line(
    deploy: Path, words: tuple[str, ...], command: str, reason: str
) -> None:
    words = tuple(str(deploy) if word == "DEPLOY" else word for word in words)
    done = with_streams(command, *words)
    assert done.returncode == 1
    told = f"pyinfra error: standard output: {reason}: what was to be told at the end is lost"
    assert [line for line in done.stderr.splitlines() if "standard output" in line] == [
        f"--> {told}"
    ]
    for trace in ("Traceback", "Exception ignored", "bug report"):
        assert trace not in done.stderr


REPORT = """
from stack.report.report import ReportError

raise ReportError("web1 is not as declared", {}, 2)
"""


def test_a_report_that_cannot_be_told_keeps_its_exit_code(tmp_path: Path) -> None:
    (tmp_path / "fake_report.py").write_text(REPORT)
    done = with_streams('"$@" >/dev/full', "@fake/web1", tmp_path / "fake_report.py")
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_on_which_nobody_looks_comes_to_its_end(deploy: Path) -> None:
    done = with_streams('"$@" 2>/dev/full', "@fake/web1", deploy, "-y", "--json")
    assert done.returncode == 0
    assert "Greet" in done.stdout


KEEP = """
from types import SimpleNamespace
from paramiko import RSAKey
from pyinfra.connectors.sshuserclient import client
from stack.run.servers import take_as_they_are
take_as_they_are()
its = SimpleNamespace(_host_keys_filename={path!r})
client.append_hostkey(its, "web1", RSAKey.generate(1024))
"""


def test_who_never_used_ssh_has_the_keys_of_hosts_kept(tmp_path: Path) -> None:
    known_hosts = tmp_path / ".ssh" / "known_hosts"
    subprocess.run([sys.executable, "-c", KEEP.format(path=str(known_hosts))], check=True)
    assert known_hosts.read_text().startswith("web1 ssh-rsa ")
    assert known_hosts.parent.stat().st_mode & 0o777 == 0o700


ENTRIES = sorted(path.name for path in ROOT.glob("*.py") if path.name not in NO_ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_file_that_python_runs_says_who_is_to_run_it(name: str) -> None:
    done = subprocess.run([sys.executable, name], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == f"{name} is run by pyinfra: .venv/bin/pyinfra inventory.py {name}\n"
