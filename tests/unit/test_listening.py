"""A plan tells when the app server could not make the socket that the settings ask for."""

import os
import pwd
import subprocess
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from stack.commands.release import PUT_LIVE
from stack.host.observation import Entry
from stack.operations import release, rollback
from stack.state.listening import shut_out, why_no_socket
from stack.state.placement import place
from stack.state.scope import of_host
from tests.unit.hosts import converged, sample_target, with_entry
from tests.unit.operating import plan

RUN = sample_target(bind="unix:/run/shop.sock")
DOWN = replace(converged(RUN), processes=())
WAY_OUT = "set bind to a path in the project's home, such as unix:/home/fooproject/gunicorn.sock."


def told(entry: Entry | None, bind: str = "unix:/run/shop.sock") -> str:
    entries = {**DOWN.entries, **({"/run": entry} if entry else {})}
    return shut_out(place(sample_target(bind=bind), replace(DOWN, entries=entries)))


def folder(mode: str, owner: str = "root", kind: str = "directory") -> Entry:
    return Entry(kind, mode, owner, owner, 1.0, 1.0)


def test_a_folder_of_roots_is_told_with_the_setting() -> None:
    why = "fooproject cannot create a socket in /run"
    assert told(folder("755")) == f'bind = "unix:/run/shop.sock": {why}; {WAY_OUT}'
    assert told(folder("555", "fooproject"))
    assert told(folder("644", kind="file"))
    assert "the folder /run does not exist, or fooproject may not enter it; set" in told(None)


@pytest.mark.parametrize(
    "entry",
    [
        folder("755", "fooproject"),
        folder("1777"),
        # The group may be his, or an access list.
        folder("775"),
        folder("777", kind="link"),
    ],
)
def test_what_may_do_is_not_told(entry: Entry) -> None:
    assert told(entry) == ""


def test_a_folder_of_an_account_that_was_deleted_is_his_again_by_then() -> None:
    entries = {
        **DOWN.entries,
        "/home/fooproject": folder("755", "999"),
        "/run": folder("755", "999"),
    }
    gone = replace(DOWN, user=None, entries=entries)
    assert shut_out(place(RUN, gone)) == ""
    assert shut_out(place(RUN, with_entry(gone, "/run", owner="1000")))


def test_a_port_and_what_is_in_the_home_are_not_told() -> None:
    for bind in ("127.0.0.1:8000", "unix:/home/fooproject/a/g.sock", "unix:/home/fooproject/g"):
        assert told(None, bind) == ""
        assert "/run" not in of_host(sample_target(bind=bind)).paths
    assert "/run" in of_host(RUN).paths


def test_plans_that_have_a_release_go_live_tell_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    assert plan(release.live, RUN, DOWN)
    assert caplog.text.count("This will fail: bind = ") == 1
    back, name = replace(RUN, release=None), place(RUN, DOWN).folder.name
    assert plan(rollback.served, back, DOWN, folder=name, force=True)
    assert caplog.text.count("This will fail: bind = ") == 2


def go_live(socket: str) -> "subprocess.CompletedProcess[str]":
    """Have a release go live with an app server at a socket, as whoever runs the tests."""
    me = pwd.getpwuid(os.getuid()).pw_name
    lines = why_no_socket(RUN, PurePosixPath(socket))
    words = ["/nowhere", "/nowhere", me, socket, "\n".join(lines), "release"]
    return subprocess.run(
        ["sh", "-euc", PUT_LIVE, "sh", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as Nginx's user")
def test_a_host_refuses_what_cannot_be_listened_at_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tmp_path.chmod(0o700)
    for path, why in (
        (
            tmp_path / "absent" / "g.sock",
            f"{tmp_path}/absent does not exist, or fooproject may not enter it",
        ),
        (tmp_path / "file", f"{tmp_path}/file exists, and is not a socket"),
        (tmp_path / "g.sock", f"Nginx's user cannot pass through {tmp_path}"),
    ):
        done = go_live(str(path))
        assert done.returncode == 1
        assert f'bind = "unix:{path}": ' in done.stderr
        assert (
            f"{why}; set bind to a path in the project's home, such as unix:/home/" in done.stderr
        )
