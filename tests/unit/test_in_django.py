"""How code gets into a release's Django, against a release that is a folder of this machine."""

import subprocess
import sys
from pathlib import Path

from stack.shell.scripts import script

SWITCH = Path(__file__).parents[2] / "stack" / "onhost" / "switch"


def test_paths_of_the_environment_that_are_relative_to_src_lead_where_they_do_for_manage(
    tmp_path: Path,
) -> None:
    (tmp_path / "source" / "site").mkdir(parents=True)
    (tmp_path / "src").symlink_to("source/site")
    (tmp_path / "source" / "lib").mkdir()
    (tmp_path / "source" / "lib" / "beside.py").touch()
    (tmp_path / "src" / "manage.py").write_text("import beside\nprint(beside.__file__)\n")
    with_env = tmp_path / "with-env"
    with_env.write_text(f'#!/bin/sh\nshift\nPYTHONPATH=../lib exec {sys.executable} "$@"\n')
    with_env.chmod(0o700)
    run = f'{script(str(SWITCH / "x"), "in_django.sh")}\nin_django "$1" "$2"'
    done = subprocess.run(
        ["sh", "-euc", run, "sh", str(tmp_path), "pass"], cwd="/", capture_output=True, text=True
    )
    assert done.stdout.rstrip() == str(tmp_path / "source" / "lib" / "beside.py"), done.stderr
