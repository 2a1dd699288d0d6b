"""The lock of a host, by the scripts that take it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.commands.lock import AFTER_ORPHANS, CONFIRM, FOLDER, HOLD, hold
from stack.facts import busy
from stack.facts.host_state import TELL
from stack.project.layout import Layout

TOKEN = "this-run"
TELL_RUN = Path("stack/facts/tell_run.sh").read_text()


def asked(script: str, *words: str) -> "subprocess.CompletedProcess[str]":
    command = ["sh", "-euc", script, "sh", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


def test_the_command_of_a_run_that_was_cut_is_waited_for_and_then_named(tmp_path: Path) -> None:
    lock, commands = tmp_path / "deploy", tmp_path / "command"
    lock.write_text(f"root@here\n{TOKEN}\n")
    assert asked(CONFIRM, str(lock), TOKEN, str(commands), "1", "1").returncode == 0
    with subprocess.Popen(["flock", str(commands), "cat"], stdin=subprocess.PIPE) as orphan:
        while asked('flock -n "$1" true', str(commands)).returncode == 0:
            pass
        kept = asked(CONFIRM, str(lock), TOKEN, str(commands), "0", "0")
        refused = asked(AFTER_ORPHANS, str(commands), "0", "true")
        assert orphan.stdin
        orphan.stdin.close()
    assert kept.returncode == 75
    said, who = kept.stdout.splitlines()
    assert said == "waits for a command of an earlier run, which is still running, for 0 s at most"
    still, _, processes = who.partition(" (to end it as root there: kill ")
    assert still == "an earlier run, whose command is still running after 0 s"
    assert str(orphan.pid) in processes.rstrip(")").split()
    assert refused.returncode == 75
    assert "A command of an earlier run is still running here" in refused.stderr


def test_what_is_waited_for_is_said_only_once_it_takes_a_while(tmp_path: Path) -> None:
    lock, commands = tmp_path / "deploy", tmp_path / "command"
    lock.write_text(f"root@here\n{TOKEN}\n")
    words = ["sh", "-euc", CONFIRM, "sh", str(lock), TOKEN, str(commands), "20"]
    assert asked(CONFIRM, *words[4:], "0").stdout == ""
    with subprocess.Popen(["flock", str(commands), "cat"], stdin=subprocess.PIPE) as orphan:
        while asked('flock -n "$1" true', str(commands)).returncode == 0:
            pass
        with subprocess.Popen([*words, "0.1"], stdout=subprocess.PIPE, text=True) as waiting:
            assert waiting.stdout
            # It is there while the other is still under way.
            assert "waits for a command of an earlier run" in waiting.stdout.readline()
            assert orphan.poll() is None
            assert orphan.stdin
            orphan.stdin.close()
            assert waiting.wait(timeout=20) == 0


def test_who_has_the_lock_is_told_for_as_long_as_he_has_it(tmp_path: Path) -> None:
    lock = tmp_path / "deploy"
    tell = f'{TELL_RUN}\ntell_run "$1"'
    assert asked(tell, str(lock)).stdout == ""
    with subprocess.Popen(["flock", str(lock), "cat"], stdin=subprocess.PIPE) as holder:
        while asked('flock -n "$1" true', str(lock)).returncode == 0:
            pass
        lock.write_text(f"anna@laptop, since then\n{TOKEN}\n")
        told = asked(tell, str(lock))
        assert holder.stdin
        holder.stdin.close()
    assert told.stdout == "run\tanna@laptop, since then\n"
    assert told.stderr == ""
    # The name stays in the file.
    assert asked(tell, str(lock)).stdout == ""


def test_it_is_looked_for_where_runs_take_it() -> None:
    assert 'tell_run "/run/django-stack/$user-deploy"' in TELL
    assert f" {FOLDER}/shop-deploy " in f"{hold(Layout('shop'), 'anna', TOKEN, 0)} "


@contextmanager
def held(lock: Path, token: str) -> Iterator["subprocess.Popen[str]"]:
    """What holds the lock, once it does."""
    command = ["sh", "-euc", HOLD, "sh", str(lock), "root@here", token, "2", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "\n"
        yield holder
        holder.kill()


def test_a_run_that_holds_anew_ends_what_held_the_lock_over_its_dead_connection(
    tmp_path: Path,
) -> None:
    lock = tmp_path / "deploy"
    with held(lock, "this-run.1") as former, held(lock, "this-run.2") as now:
        assert former.wait(10) != 0
        assert now.poll() is None


def test_a_host_that_a_run_has_by_two_names_is_held_by_either(tmp_path: Path) -> None:
    lock, commands = tmp_path / "deploy", tmp_path / "command"
    with held(lock, "this-run.1") as first:
        assert asked(HOLD, str(lock), "root@here", "this-run.1", "0", "0").returncode == 75
        assert asked(CONFIRM, str(lock), "this-run.1", str(commands), "1", "1").returncode == 0
        assert first.poll() is None


def test_another_run_is_refused_and_told_what_to_do_when_the_first_is_dead(tmp_path: Path) -> None:
    lock = tmp_path / "deploy"
    with held(lock, "this-run.1") as first:
        refused = asked(HOLD, str(lock), "anna@there", "another-run.1", "0", "0")
        assert refused.returncode == 75
        assert refused.stdout.startswith("root@here, since 20")
        how = f"(if that run is dead, end it there as root: kill {first.pid})\n"
        assert refused.stdout.endswith(how)
        assert first.poll() is None
        os.kill(first.pid, 15)
        first.wait(10)
    with held(lock, "another-run.1"):
        pass


def test_a_process_that_has_the_number_of_a_former_holder_is_left_alone(tmp_path: Path) -> None:
    lock = tmp_path / "deploy"
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as other:
        lock.write_text(f"root@here\nthis-run.1\n{other.pid}\n")
        with held(lock, "this-run.2"):
            assert other.poll() is None
        assert other.stdin
        other.stdin.close()
        assert other.wait(10) == 0


def test_a_host_is_busy_while_a_command_of_any_run_is_under_way(tmp_path: Path) -> None:
    commands = tmp_path / "command"
    assert asked(busy.TELL, str(commands), "0").stdout == ""
    assert not commands.exists()
    with subprocess.Popen(["flock", str(commands), "cat"], stdin=subprocess.PIPE) as orphan:
        while asked('flock -n "$1" true', str(commands)).returncode == 0:
            pass
        assert asked(busy.TELL, str(commands), "0").stdout == "busy\n"
        assert orphan.stdin
        orphan.stdin.close()
    assert asked(busy.TELL, str(commands), "0").stdout == ""
