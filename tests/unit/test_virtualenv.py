"""A virtualenv is built by the pip that its Python has."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack import onhost
from stack.commands.build import BUILD_VIRTUALENV

VIRTUALENV = """#!/bin/sh
for folder; do :; done
mkdir -p "$folder/bin" "$folder/lib/python3.11/site-packages"
ln -s "$PYTHON" "$folder/bin/python"
cp "$PIP" "$folder/bin/pip"
"""
PIP = """#!/bin/sh
case "$* " in
  *" --use-pep517 "*) [ -z "$BROKEN" ] || {{ echo "still {words}"; exit 1; }} ;;
  *) echo "{words}"; exit 1 ;;
esac
"""


def build(folder: Path, said: str, broken: str = "") -> "subprocess.CompletedProcess[str]":
    (folder / "virtualenv").write_text(VIRTUALENV)
    (folder / "virtualenv").chmod(0o755)
    pip = folder / "pip-of-it"
    pip.write_text(PIP.format(words=said))
    pip.chmod(0o755)
    made = folder / "made"
    words = [str(made), "python3", "virtualenv", "name", str(folder), onhost.script("masking")]
    lines = ["", base64.b64encode(b"Django\n").decode()]
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
