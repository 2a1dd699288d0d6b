"""A build on the controller: what it sees, what it leaves, and how it ends."""

import errno
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pytest

from stack.project.release import release_of
from stack.settings import load
from stack.settings.against_source import source_problems
from stack.source import Built, Source, SourceError, built, resolve


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    (folder / "js").mkdir(parents=True)
    (folder / "js" / "app.js").write_text("app")
    (folder / "run.sh").write_text(
        "#!/bin/sh\nmkdir -p out && tr a-z A-Z < js/app.js > out/app.js\n"
    )
    (folder / "run.sh").chmod(0o755)
    return resolve(str(folder))


def files(source: Source) -> dict[str, str]:
    with tarfile.open(fileobj=source.archive().reader()) as archive:
        found = {info.name: archive.extractfile(info) for info in archive if info.isfile()}
        return {name: file.read().decode() for name, file in found.items() if file}


def build(source: Source, *commands: str, names: tuple[str, ...] = ()) -> Built:
    return Built(source, commands, names)


def test_hosts_get_the_source_and_what_the_build_leaves(source: Source) -> None:
    its = build(source, "./run.sh", "mkdir node_modules && touch node_modules/left-pad")
    assert not its.is_made
    found = files(its)
    assert (found["js/app.js"], found["out/app.js"]) == ("app", "APP")
    assert not any("node_modules" in name for name in found)
    assert its.version == source.version
    assert its.is_made


def test_it_is_built_once_for_the_same_source_and_commands(source: Source, tmp_path: Path) -> None:
    command = f"echo once >> {tmp_path}/built"
    first = build(source, command).archive().read()
    assert build(source, command).archive().read() == first
    build(source, command, "true").archive()
    assert (tmp_path / "built").read_text() == "once\nonce\n"


def test_two_who_ask_at_once_share_a_build(source: Source, tmp_path: Path) -> None:
    command = f"echo once >> {tmp_path}/built; sleep 0.5"
    asking = [threading.Thread(target=build(source, command).archive) for _ in range(2)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(20)
    assert (tmp_path / "built").read_text() == "once\n"


BUILDING = """
import sys
from stack.source import built, resolve
built(resolve(sys.argv[1]), (sys.argv[2],), ()).archive()
"""


def being_built(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "cache/django-stack/builds").iterdir() if path.is_dir()]


def test_what_a_build_that_was_killed_has_left_goes_with_the_next(
    source: Source, tmp_path: Path
) -> None:
    words = [BUILDING, str(tmp_path / "project"), "kill -KILL $PPID"]
    assert subprocess.run([sys.executable, "-c", *words], check=False).returncode == -9
    assert being_built(tmp_path)
    build(source, "true").archive()
    assert being_built(tmp_path) == []


def test_a_build_that_is_under_way_keeps_its_folder(source: Source, tmp_path: Path) -> None:
    waits = (
        f"touch {tmp_path}/begun; until [ -e {tmp_path}/goes-on ]; do sleep 0.05; done; touch it"
    )
    found: dict[str, str] = {}
    first = threading.Thread(target=lambda: found.update(files(build(source, waits))))
    first.start()
    while not (tmp_path / "begun").exists():
        pass
    build(source, "true").archive()
    (tmp_path / "goes-on").touch()
    first.join(20)
    assert "it" in found


def test_it_sees_no_more_of_the_environment_than_is_named(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPM_TOKEN", "named")
    monkeypatch.setenv("AWS_SECRET", "not named")
    monkeypatch.setenv("HOME", "/home/anna")
    found = files(build(source, "env > seen", names=("NPM_TOKEN",)))
    assert "NPM_TOKEN=named\n" in found["seen"]
    assert "AWS_SECRET" not in found["seen"]
    assert "/home/anna" not in found["seen"]
    assert "HOME=/home/anna\n" in files(build(source, "env > seen", names=("HOME",)))["seen"]


def test_a_command_that_fails_ends_with_its_last_words_and_leaves_nothing(source: Source) -> None:
    its = build(source, "echo https://anna:s3cret@example.com is gone; exit 3", "touch never")
    with pytest.raises(SourceError) as caught:
        its.archive()
    lines = str(caught.value).splitlines()
    assert lines[0] == "  | https://example.com is gone"
    assert lines[-1].startswith('build = "echo ')
    assert lines[-1].endswith("ended with exit code 3")
    assert not its.is_made


@pytest.mark.parametrize(
    ("command", "is_told"),
    [("npm --prefix ui ci", True), ("cd ui && yarn", True), ("false npm-like", False)],
)
def test_a_build_with_node_that_fails_names_the_one_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, is_told: bool
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    ui = tmp_path / "shop" / "ui"
    ui.mkdir(parents=True)
    (ui / "package.json").write_text('{"engines": {"node": ">=26.5"}}')
    for tool, does in {"npm": "exit 1", "yarn": "exit 1", "node": "echo v18.19.1"}.items():
        (tmp_path / tool).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(SourceError) as caught:
        build(resolve(str(tmp_path / "shop")), command).archive()
    reason = "ended with exit code 1"
    if is_told:
        reason += "; ui/package.json asks for Node >=26.5, and this machine has v18.19.1"
    assert str(caught.value) == f'build = "{command}": {reason}'


def test_what_takes_too_long_is_ended_with_all_that_it_started(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.source.building.SECONDS", 3)
    its = build(source, f"sleep 100 & echo $! > {tmp_path}/pid; wait")
    with pytest.raises(SourceError, match="took too long"):
        its.archive()
    pid = int((tmp_path / "pid").read_text())
    until = time.monotonic() + 5
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < until:
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
        ).stdout
        if state.startswith("Z"):
            break
        time.sleep(0.05)
    else:
        assert not os.path.exists(f"/proc/{pid}")


def test_the_commands_are_part_of_the_release_and_their_environment_is_not(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPM_TOKEN", "x")
    folder = Path(source.name)
    (folder / "requirements.txt").write_text("")

    def release(**data: object) -> str:
        return release_of(load({"source": source.name, **data}, "web1")).id

    plain, made = release(), release(build=["./run.sh"])
    assert made != plain
    assert release(build=["./run.sh"], build_env=["NPM_TOKEN"]) == made
    assert release(build=["./run.sh", "true"]) != made


def test_what_is_installed_of_the_source_is_as_the_build_and_the_files_leave_it(
    source: Source,
) -> None:
    folder = Path(source.name)
    (folder / "pkg").mkdir()

    def virtualenvs(line: str) -> list[str]:
        (folder / "requirements.txt").write_text(line)
        kinds: list[dict[str, object]] = [{}, {"build": ["true"]}, {"files": {"pkg/x.py": "X"}}]
        return [
            release_of(load({"source": source.name, **data}, "web1")).virtualenv("3.11")
            for data in kinds
        ]

    assert len({*virtualenvs("./pkg")}) == 3
    assert len({*virtualenvs("tiny")}) == 1


def test_a_variable_that_is_not_there_is_told(source: Source) -> None:
    (Path(source.name) / "manage.py").write_text("")
    settings = load({"source": source.name, "build_env": ["HOME", "NO_SUCH"]}, "web1")
    told = [problem.text for problem in source_problems(settings)]
    assert told[0] == (
        'build_env = "NO_SUCH": is not in this machine\'s environment; export it, or leave it out'
    )


def test_a_cache_without_room_is_a_line(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tarfile.TarFile, "extractall", no_room)
    with pytest.raises(SourceError) as told:
        built(source, ("true",), ()).archive()
    line = 'build = "true": the cache cannot be used: [Errno 28] No space left on device'
    assert str(told.value) == line


def test_it_is_one_object_for_all_hosts(source: Source) -> None:
    assert built(source, ("true",), ()) is built(source, ("true",), ())
    assert built(source, (), ()) is source


LOCK = """{
  "name": "shop", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "shop", "version": "1.0.0", "devDependencies": {"shout": "file:shout"}},
    "node_modules/shout": {"resolved": "shout", "link": true},
    "shout": {"version": "1.0.0", "dev": true, "bin": {"shout": "shout.js"}}
  }
}
"""


@pytest.mark.skipif(not shutil.which("npm"), reason="this machine has no npm")
def test_an_npm_project_is_built_from_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "project"
    shout = folder / "shout"
    shout.mkdir(parents=True)
    (shout / "package.json").write_text(
        '{"name": "shout", "version": "1.0.0", "bin": {"shout": "shout.js"}}'
    )
    (shout / "shout.js").write_text(
        "#!/usr/bin/env node\n"
        'const fs = require("fs");\n'
        'fs.mkdirSync("static", {recursive: true});\n'
        'fs.writeFileSync("static/app.js", "shouted");\n'
    )
    (shout / "shout.js").chmod(0o755)
    (folder / "package.json").write_text(
        '{"name": "shop", "version": "1.0.0", "scripts": {"build": "shout"},'
        ' "devDependencies": {"shout": "file:shout"}}'
    )
    (folder / "package-lock.json").write_text(LOCK)
    its = build(resolve(str(folder)), "npm ci --offline", "npm run build")
    found = files(its)
    assert found["static/app.js"] == "shouted"
    assert not any("node_modules" in name for name in found)


def test_each_command_is_told_as_it_begins(
    source: Source, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logging.root.manager.disable", 0)
    with caplog.at_level("INFO", "pyinfra"):
        build(source, "echo one", "echo two").archive()
        build(source, "echo one", "echo two").archive()
    assert [one.getMessage().strip() for one in caplog.records] == ["echo one", "echo two"]


@pytest.mark.parametrize(
    ("command", "names", "is_told"),
    [
        ("npm ci", (), True),
        ("npm ci", ("NODE_EXTRA_CA_CERTS",), False),
        ("sh npm-like", (), False),
    ],
)
def test_a_ca_that_node_does_not_know_is_told_with_the_setting(
    source: Source,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    names: tuple[str, ...],
    is_told: bool,
) -> None:
    for name in ("npm", "project/npm-like"):
        text = "#!/bin/sh\necho 'npm error self-signed certificate in certificate chain'; exit 1\n"
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/etc/its.pem")
    with pytest.raises(SourceError) as caught:
        build(resolve(str(tmp_path / "project")), command, names=names).archive()
    assert ('build_env = ["NODE_EXTRA_CA_CERTS"]' in str(caught.value)) == is_told
