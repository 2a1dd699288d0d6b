"""A script is put together from files, each of which stands in one place."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from stack import commands
from stack.commands.tls import CERTIFY, OWN_CERTIFICATE
from stack.onhost import inside
from stack.shell import scripts

FOLDER = Path(commands.__file__).parent


def test_a_file_of_functions_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"^absent\.sh has to be in one folder, and is in "):
        scripts.script(scripts.__file__, "environment.sh", "numbers.sh", "absent.sh")


def test_a_file_of_functions_that_is_there_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "numbers.sh").touch()
    module = str(tmp_path / "module.py")
    with pytest.raises(FileNotFoundError, match=f"^numbers.sh .* {tmp_path}, .*/shell$"):
        scripts.script(module, "its.sh", "numbers.sh")


def test_what_the_check_has_for_a_person_is_what_its_script_passes_on() -> None:
    said = "".join(file.read_text() for file in Path(inside.__file__).parent.glob("*.py"))
    passed_on = re.findall(r'\*"([A-Z ]+)"\*', (FOLDER / "check.sh").read_text())
    assert len(passed_on) > 4
    assert [words for words in passed_on if words not in said] == []


def test_nothing_waits_for_all_disks_of_a_server() -> None:
    """The sync of Ubuntu 26.04 writes all file systems where it has no option, of a file too."""
    folders = (FOLDER, Path(scripts.__file__).parent, FOLDER.parents[1] / "templates")
    files = [file for folder in folders for file in (*folder.rglob("*.sh"), *folder.rglob("*.j2"))]
    lines = [line.strip() for file in files for line in file.read_text().splitlines()]
    found = [line for line in lines if re.search(r"(^|[;&|] *)sync( |$)", line)]
    assert len(found) > 4
    assert [line for line in found if not re.search(r"sync -[df] ", line)] == []


GIVES_AWAY = re.compile(r"\bchown (?:-\S+ )*[\w:$]+ \"?\$\{?(\w+)")
WRITES = r"(?:>>?|\b(?:cp|tee|touch|install|mv|dd)\b.*) *\"?\$\{?%s\b"


def written_after_it_was_given_away(script: str) -> list[str]:
    """The variables of temporary files that are another account's before all is written to them."""
    return [
        given[1]
        for given in GIVES_AWAY.finditer(script)
        if re.search(rf"\b{given[1]}=\"?\$\(mktemp\)", script)
        and re.search(WRITES % given[1], script[given.end() :])
    ]


def test_root_writes_to_no_temporary_file_of_another_account() -> None:
    """With fs.protected_regular the kernel lets not even root, in a folder such as /tmp."""
    given = 'new=$(mktemp)\nchown postgres "$new"\n'
    assert written_after_it_was_given_away(given + 'echo secret > "$new"') == ["new"]
    assert written_after_it_was_given_away('new=$(mktemp)\necho > "$new"\nchown a "$new"') == []
    stack = FOLDER.parent
    files = [*stack.rglob("*.sh"), *(stack.parent / "templates").rglob("*.j2")]
    assert len(files) > 100
    found = {file.name: written_after_it_was_given_away(file.read_text()) for file in files}
    assert {name: variables for name, variables in found.items() if variables} == {}


def test_what_supervisor_answers_is_thrown_away_where_a_failure_is_none_only() -> None:
    """Its client says on standard output why it has not done something."""
    folder = Path(commands.__file__).parent
    lines = [line for file in folder.glob("*.sh") for line in file.read_text().splitlines()]
    asks = re.compile(r"(?:supervisorctl|with_patience) .*> ?/dev/null")
    thrown = [line for line in lines if asks.search(line)]
    assert thrown
    # Of what is late, it is told on standard error.
    harmless = ("|| :", '|| [ "$?" != 124 ] || exit 1')
    assert [line for line in thrown if not line.endswith(harmless)] == []


def test_a_certificate_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    program = tmp_path / "openssl"
    program.write_text("#!/bin/sh\necho no room for it >&2\nexit 1\n")
    program.chmod(0o700)
    done = subprocess.run(
        ["sh", "-euc", OWN_CERTIFICATE, "sh", str(tmp_path / "shop"), "shop.example"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "no room for it\n")


BUSY = "Another instance of Certbot is already running."


@pytest.mark.parametrize(
    ("says", "seconds", "fails", "tries"),
    [
        pytest.param(BUSY, 60, False, 2, id="another certbot ends"),
        pytest.param(BUSY, 0, True, 1, id="another certbot takes too long"),
        pytest.param("The CA is not there.", 60, True, 1, id="the CA is tried once"),
    ],
)
def test_a_certbot_of_somebody_elses_is_waited_for(
    tmp_path: Path, says: str, seconds: int, fails: bool, tries: int
) -> None:
    program, tried = tmp_path / "certbot", tmp_path / "tried"
    program.write_text(
        f"#!/bin/sh\necho >> {tried}\n[ $(wc -l < {tried}) -gt 1 ] && exit\necho '{says}'\nexit 1\n"
    )
    program.chmod(0o700)
    words = (
        "shop",
        "/none",
        str(tmp_path),
        "https://ca",
        "/none",
        "",
        "",
        f"{seconds}",
        "a.example",
    )
    done = subprocess.run(
        ["sh", "-euc", CERTIFY, "sh", *words],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, len(tried.read_text().splitlines())) == (int(fails), tries)
    assert (says in done.stderr) == fails
