"""What programs that read the settings elsewhere would stumble over is refused here."""

import re
import subprocess
from dataclasses import replace

import pytest

from stack.settings import SettingsError
from tests.unit.hosts import sample_target
from tests.unit.test_settings import loaded, problems


@pytest.mark.parametrize(
    "name",
    ["Content-Length", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive"]
    + ["Trailer", "TE", "Upgrade", "Content-Encoding", "Content-Type", "Date", "Server"]
    + ["Location", "ETag", "Last-Modified", "X-Accel-Redirect"],
)
def test_what_is_of_one_answer_is_no_header_of_all(name: str) -> None:
    assert problems(response_headers={name: "5"}) == [
        f'response_headers["{name}"]: is set by Nginx or the app for each answer; '
        "expected another header"
    ]


@pytest.mark.parametrize(
    "name", ["Cache-Control", "Set-Cookie", "Vary", "Strict-Transport-Security"]
)
def test_what_may_be_in_all_answers_is_a_header(name: str) -> None:
    assert name in loaded(response_headers={name: "x"}).response_headers


@pytest.mark.parametrize("setting", ["programs", "schedules"])
def test_a_name_leaves_room_for_all_that_is_made_of_it(setting: str) -> None:
    value = {"command": "true", **({"when": "daily"} if setting == "schedules" else {})}
    (line,) = problems(**{setting: {"A" * 250: value}})
    assert line.endswith("]: is longer than 100 characters; expected a shorter name")
    its = replace(
        sample_target(),
        settings=loaded(project="p" * 32, wsgi="a.wsgi", **{setting: {"A" * 100: value}}),
    )
    paths = [file.path for file in its.files.all if "A" * 100 in file.path]
    assert paths
    for path in paths:
        aside = f"{path.replace('/', '-')}-{10**10}~~~"
        assert max(map(len, (aside, f".{path.rpartition('/')[2]}.before"))) <= 255


def test_the_program_of_the_site_has_a_name_of_that_length_too() -> None:
    (line,) = problems(program="A" * 101)
    assert line.endswith(": is longer than 100 characters; expected a shorter name")


@pytest.mark.parametrize("path", ["a" * 201, "/".join(["a" * 100] * 30)])
def test_a_path_leaves_room_for_what_is_written_beside(path: str) -> None:
    for data in ({"shared": [path]}, {"files": {path: "x"}}, {"src": path}):
        (line,) = problems(**data)
        assert line.endswith(
            "is too long; expected at most 200 characters between two slashes, and 3000 in all"
        )


UNREADABLE = ['sh -c "unbalanced', "manage.py 'x", "echo $(", "if true", "a | | b"]


@pytest.mark.parametrize("command", UNREADABLE)
def test_a_command_that_no_shell_reads_is_refused(command: str) -> None:
    for data in (
        {"commands": {"after_static": [command]}},
        {"schedules": {"x": {"command": command, "when": "daily"}}},
        {"build": [command]},
        {"notify": [command]},
    ):
        (line,) = problems(**data)
        assert ": is not a valid shell command: " in line
        assert line.endswith("; expected another one")
        assert "sh: " not in line.partition("shell: ")[2]


@pytest.mark.parametrize(
    "command",
    ['echo "$(echo "it\'s")"', "manage.py x # don't", "--x", "-n", "a && b; (c)", "echo 'é\"'"],
)
def test_a_command_that_a_shell_reads_is_as_it_was_written(command: str) -> None:
    its = loaded(commands={"after_static": [command]})
    assert its.commands["after_static"] == (command,)


@pytest.mark.parametrize("command", ['sh -c "unbalanced', "echo it's", "echo \\"])
def test_a_program_that_supervisor_cannot_take_apart_is_refused(command: str) -> None:
    (line,) = problems(programs={"bad": command})
    assert ": cannot be split into words: no " in line
    (line,) = problems(programs={"bad": {"command": command}})
    assert ": cannot be split into words: no " in line


def test_no_name_in_env_is_one_that_the_shell_does_not_take() -> None:
    told = subprocess.run(["sh", "-c", "set"], capture_output=True, text=True, check=True).stdout
    names = {*re.findall("^([A-Za-z_]+)=", told, re.MULTILINE), "LINENO", "OPTARG", "MAIL", "ENV"}
    assert "OPTIND" in names
    for name in names:
        try:
            loaded(env={name: "x y"})
        except SettingsError:
            continue
        for script in (f"export {name}='x y'; exec env", "exec env"):
            ran = subprocess.run(
                ["sh", "-c", script.replace("env", "/usr/bin/env")],
                env={name: "x y"},
                capture_output=True,
                text=True,
            )
            assert (ran.returncode, ran.stderr) == (0, ""), name
            assert script == "exec env" or f"{name}=x y" in ran.stdout.splitlines()
    assert problems(env={"OPTIND": "x"}) == [
        'env["OPTIND"]: is set by every shell itself; expected another name'
    ]
