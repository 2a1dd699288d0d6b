"""A virtualenv is built by the pip that its Python has."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack import onhost
from stack.commands.build import BUILD_VIRTUALENV
from stack.commands.build import build_virtualenv as command
from stack.host.observation import Observation
from stack.project.release import release_of
from stack.project.target import Target
from stack.settings import load
from stack.state.placement import place

VIRTUALENV = """#!/bin/sh
for folder; do :; done
mkdir -p "$folder/bin" "$folder/lib/python3.11/site-packages"
ln -s "$PYTHON" "$folder/bin/python"
cp "$PIP" "$folder/bin/pip"
"""
OLD_PIP = """#!/bin/sh
# One that resolves beside hashes as Debian 12's does.
case "$*" in *" -r "*) echo "$*" | sed 's/.* --compile//; s,-r .*/,,' >> "$CALLS" ;; esac
case "$* " in
  check*) [ -z "$BROKEN" ] || {{ echo "shop 1 requires tiny"; exit 1; }} ;;
  *--no-deps*) ;;
  *to-install*) echo "{words}"; exit 1 ;;
esac
"""
CALLED_PIP = OLD_PIP.replace('*to-install*) echo "{words}"; exit 1', '"{words}") exit 1')
UNPINNED = (
    "ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==. "
    "These do not: PyJWT[crypto]>=2.12.1 from x (from social-auth-core==4.8)"
)
PIP = """#!/bin/sh
case "$* " in
  *" --use-pep517 "*) [ -z "$BROKEN" ] || {{ echo "still {words}"; exit 1; }} ;;
  *) echo "{words}"; exit 1 ;;
esac
"""


def build(
    folder: Path,
    said: str,
    broken: str = "",
    pip_of_it: str = PIP,
    lock: str = "",
    unhashed: str = "",
) -> "subprocess.CompletedProcess[str]":
    (folder / "virtualenv").write_text(VIRTUALENV)
    (folder / "virtualenv").chmod(0o755)
    pip = folder / "pip-of-it"
    pip.write_text(pip_of_it.format(words=said))
    pip.chmod(0o755)
    made = folder / "made"
    words = [
        str(made),
        "python3",
        "virtualenv",
        "name",
        str(folder),
        onhost.script("masking"),
        lock,
    ]
    added = b"gunicorn\n" if lock else b""
    texts = (added, unhashed.encode(), b"Django\n")
    lines = ["", *(base64.b64encode(text).decode() for text in texts)]
    return subprocess.run(
        ["sh", "-euc", BUILD_VIRTUALENV, "sh", *words],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PATH": f"{folder}:{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "PIP": str(pip),
            "BROKEN": broken,
            "CALLS": str(folder / "calls"),
        },
    )


def test_what_an_old_pip_cannot_prepare_is_tried_as_newer_ones_do(tmp_path: Path) -> None:
    done = build(tmp_path, "error: metadata-generation-failed")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made" / ".built").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("error: metadata-generation-failed", "still error: metadata-generation-failed"),
        ("ERROR: No matching distribution found", "ERROR: No matching distribution found"),
    ],
)
def test_what_it_says_in_the_end_is_told(tmp_path: Path, words: str, told: str) -> None:
    done = build(tmp_path, words, broken="yes")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [told]
    assert not (tmp_path / "made").exists()


def test_a_lock_is_complete_and_what_is_added_to_it_is_not(tmp_path: Path) -> None:
    done = build(tmp_path, UNPINNED, pip_of_it=OLD_PIP, lock="yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines() == [
        " --no-deps .requirements-to-install.txt",
        " .requirements-added.txt",
    ]
    assert not [*tmp_path.glob(".requirements*")]


def test_what_has_no_hash_is_installed_by_itself_with_nothing_fetched_for_it(
    tmp_path: Path,
) -> None:
    done = build(tmp_path, "unused", pip_of_it=CALLED_PIP, lock="yes", unhashed="./libs/common\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines() == [
        " --no-deps .requirements-to-install.txt",
        " --no-deps .requirements-unhashed.txt",
        " .requirements-added.txt",
    ]
    assert not [*tmp_path.glob(".requirements*")]


def test_what_has_no_hash_and_lacks_something_is_refused(tmp_path: Path) -> None:
    done = build(tmp_path, "x", pip_of_it=CALLED_PIP, broken="yes", unhashed="./libs/common\n")
    assert (done.returncode, done.stderr.splitlines()) == (1, ["shop 1 requires tiny"])


def test_hashes_that_an_old_pip_does_not_match_to_an_extra_are_enough(tmp_path: Path) -> None:
    done = build(tmp_path, UNPINNED, pip_of_it=OLD_PIP)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "calls").read_text().splitlines() == [
        " .requirements-to-install.txt",
        " --no-deps .requirements-to-install.txt",
    ]


def test_hashes_that_lack_something_are_refused_by_pips_own_word(tmp_path: Path) -> None:
    done = build(tmp_path, UNPINNED, broken="yes", pip_of_it=OLD_PIP)
    assert (done.returncode, done.stderr.splitlines()) == (1, [UNPINNED])


AT_METADATA = """\
Looking in indexes: https://packages.example/simple
Collecting idna
  Downloading idna-3.10-py3-none-any.whl (70 kB)
Collecting {name}
  Using cached pycairo-1.20.0.tar.gz (344 kB)
  Preparing metadata (setup.py): started
  Preparing metadata (setup.py): finished with status 'error'
  error: subprocess-exited-with-error

  error: python setup.py egg_info did not run successfully.
  note: This error originates from a subprocess, and is likely not a problem with pip.
error: metadata-generation-failed

note: This is an issue with the package mentioned above, not pip."""
AT_WHEEL = """\
Collecting pycairo==1.20.0
Collecting idna
Building wheels for collected packages: pycairo
  Building wheel for pycairo (setup.py): started
  Building wheel for pycairo (setup.py): finished with status 'error'
  error: subprocess-exited-with-error
  ERROR: Failed building wheel for pycairo
Failed to build pycairo
ERROR: Could not build wheels for pycairo, which is required to install pyproject.toml-based"""
BROKEN_PIP = """#!/bin/sh
cat <<'EOF'
{words}
EOF
exit 1
"""


@pytest.mark.parametrize(
    ("said", "last"),
    [
        (
            AT_METADATA.format(name="pycairo==1.20.0 (from -r x.txt (line 2))"),
            "The package that failed is pycairo==1.20.0.",
        ),
        (
            AT_METADATA.format(name="pycairo@ git+https://me:s3cret@x.example/y.git"),
            "The package that failed is pycairo.",
        ),
        (
            AT_METADATA.format(name="git+https://me:s3cret@x.example/y.git"),
            "note: This is an issue with the package mentioned above, not pip.",
        ),
        (
            AT_METADATA.replace("Collecting {", "Processing {").format(name="./libs/own"),
            "./libs/own.",
        ),
        (AT_WHEEL, "The package that failed is pycairo."),
        ("ERROR: No matching distribution found for idna==99", ""),
    ],
)
def test_a_package_that_cannot_be_built_is_named(tmp_path: Path, said: str, last: str) -> None:
    done = build(tmp_path, said, pip_of_it=BROKEN_PIP)
    assert done.stderr.splitlines()[-1].endswith(last or said)
    assert "idna-3" not in done.stderr
    assert "started" not in done.stderr
    assert "s3cret" not in done.stderr


def test_pip_gets_the_variables_that_settings_give_it_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").write_text("-f https://${OWN}/${NAMED}/${OTHER}/\n")
    for name in ("OWN", "NAMED", "OTHER", "NOT_ASKED_FOR"):
        monkeypatch.setenv(name, "of this machine")
    data = {"env": {"OWN": "the site's"}, "build_env": ["NAMED", "NOT_ASKED_FOR", "OWN"]}
    settings = load({"source": str(tmp_path), **data}, "web1")
    target = Target(settings, release=release_of(settings))
    sent = command(place(target, Observation(python="3.11")))
    first = str(sent.connector_arguments["_stdin"]).split("\n")[0]
    lines = base64.b64decode(first).decode().splitlines()
    assert sorted(lines) == ["export NAMED='of this machine'", """export OWN='the site'"'"'s'"""]
