"""The lab itself: what the other tests on real hosts rely on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.e2e.http import wait_for
from tests.lab import ADMIN_PASSWORD, Host, Lab, LabError
from tests.lab.cgroup import hierarchies, make, members
from tests.lab.store import lab_folder, lab_lock

pytestmark = pytest.mark.e2e

NAME = "labtest"
SUBNET = "10.99.9"
ROOT = Path(__file__).parents[2]
MAKE_AND_HANG = f"""
import os, signal, subprocess, sys
from tests.lab import Lab
with Lab({NAME!r}, {SUBNET!r}) as lab:
    lab.host("lost")
    if "lend" in sys.argv:
        os.set_inheritable(lab._lock.fileno(), True)
        subprocess.Popen(["sleep", "3"], stdout=subprocess.DEVNULL, close_fds=False)
    print("made", flush=True)
    signal.pause()
"""


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(NAME, SUBNET) as lab:
        yield lab


@pytest.fixture(scope="module")
def hosts(lab: Lab) -> list[Host]:
    return lab.hosts(2)


@pytest.fixture
def host(hosts: list[Host]) -> Host:
    hosts[0].start()
    return hosts[0]


def traces() -> list[str]:
    """What is left on this machine that carries the lab's name, found without the lab's help."""
    commands = (
        ["ip", "netns", "list"],
        ["ip", "-oneline", "link"],
        ["nft", "list", "tables"],
        ["cat", "/proc/self/mountinfo"],
        ["ps", "-eo", "args"],
    )
    words = (f"lab-{NAME}", f"lab_{NAME}", f"v-{NAME}", f"labs/{NAME}/")
    found = [
        line
        for command in commands
        for line in subprocess.run(
            command, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        if any(word in line for word in words)
    ]
    found += [str(top / f"lab-{NAME}") for top in hierarchies() if (top / f"lab-{NAME}").exists()]
    found += [str(path) for path in Path("/run/systemd/nspawn").glob(f"*/lab-{NAME}-*")]
    return found + [str(path) for path in [lab_folder(NAME)] if path.exists()]


def assert_goes() -> None:
    """It goes by itself, if not at once."""
    with suppress(AssertionError):
        wait_for("it is gone", lambda: traces() == [])
    assert traces() == []


@contextmanager
def interfering(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """Another process that makes the lab and hangs, its host up."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAKE_AND_HANG, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "made\n"
        yield process
    finally:
        process.kill()  # does nothing to one that has ended
        process.wait()


def test_a_host_boots_with_systemd_and_sshd(host: Host) -> None:
    assert host.run("cat /proc/1/comm").stdout == "systemd\n"
    assert host.run("systemctl is-system-running").stdout == "running\n"
    assert host.run("hostname").stdout == "web1\n"
    assert host.run(". /etc/os-release; echo $VERSION_ID").stdout == "12\n"


def test_commands_carry_input_user_and_failure(host: Host) -> None:
    for run in (host.run, host.enter):
        assert run("cat; id -un", user="deployer", input="in\n").stdout == "in\ndeployer\n"
        assert run("exit 3", check=False).returncode == 3
        with pytest.raises(LabError, match=r"(?s)echo out.*exit code 4.*stdout: out.*stderr: err"):
            run("echo out; echo err >&2; exit 4")
        with pytest.raises(LabError, match=r"sleep 9: not done after 0\.2 s"):
            run("sleep 9", timeout=0.2)


def test_deployer_is_root_at_once_and_admin_with_a_password(host: Host) -> None:
    assert host.run("sudo -n id -u", user="deployer").stdout == "0\n"
    refused = host.run("sudo -n id -u", user="admin", check=False)
    assert refused.returncode != 0
    assert "password is required" in refused.stderr
    asked = host.run("sudo -S id -u", user="admin", input=f"{ADMIN_PASSWORD}\n")
    assert asked.stdout == "0\n"


def test_files_are_written_with_mode_and_owner(host: Host) -> None:
    host.write("/srv/a b/file", "text ü\n", mode=0o640, owner="deployer:admin")
    assert host.run("cat '/srv/a b/file'").stdout == "text ü\n"
    assert host.run("stat -c '%a %U %G' '/srv/a b/file'").stdout == "640 deployer admin\n"


def test_reset_removes_what_was_written_and_is_fast(host: Host) -> None:
    host.write("/opt/new", "new\n")
    host.run("rm /usr/bin/less; useradd somebody")
    started = time.monotonic()
    host.reset()
    assert time.monotonic() - started < 20
    host.run("test ! -e /opt/new -a -x /usr/bin/less && ! id somebody")


def test_what_is_written_survives_power_cut_and_reboot(host: Host) -> None:
    host.write("/opt/kept", "kept\n")
    host.power_off()
    assert not host.is_running()
    with pytest.raises(LabError, match="not running"):
        host.enter("true")
    host.start()
    boot = "/proc/sys/kernel/random/boot_id"
    first = host.run(f"cat /opt/kept {boot}").stdout.split()
    host.reboot()
    second = host.run(f"cat /opt/kept {boot}").stdout.split()
    assert first[0] == second[0] == "kept"
    assert first[1] != second[1]


def test_snapshots_are_kept_and_shared(lab: Lab, host: Host) -> None:
    host.reset()
    host.write("/opt/version", "one\n")
    host.snapshot("deployed")
    host.write("/opt/version", "two\n")
    host.reset(to="deployed")
    assert host.run("cat /opt/version").stdout == "one\n"

    copy = lab.host("copy", layer="deployed")
    assert copy.run("cat /opt/version; hostname").stdout == "one\ncopy\n"
    assert copy.address != host.address
    assert copy.run("cat /etc/machine-id").stdout != host.run("cat /etc/machine-id").stdout
    copy.stop()

    host.reset()
    host.run("test ! -e /opt/version")
    with pytest.raises(LabError, match="no snapshot 'nothing'; there are: deployed"):
        host.reset(to="nothing")


def test_hosts_are_independent_of_each_other(lab: Lab, hosts: list[Host]) -> None:
    for host in [*hosts, lab.host("third")]:
        host.start()
        assert host.enter("systemctl is-active nginx").stdout == "active\n"
    first, *others = lab.all()[0], hosts[1], lab.find("third")
    before = [other.enter("pgrep -x nginx").stdout for other in others]
    first.run("systemctl stop nginx")
    assert first.enter("pgrep -x nginx", check=False).stdout == ""
    assert [other.enter("pgrep -x nginx").stdout for other in others] == before
    for other in others:
        first.run(
            f"python3 -c \"import socket; socket.create_connection(('{other.address}', 80))\""
        )


def test_no_two_hosts_share_a_control_group(hosts: list[Host]) -> None:
    """A shared one lets one host's systemd see, and end, what runs in another."""
    for host in hosts:
        host.start()
    for top in hierarchies():
        first, second = (
            set(
                subprocess.run(
                    ["find", str(top / f"lab-{NAME}" / host.name)]
                    + ["-name", "cgroup.procs", "-exec", "cat", "{}", "+"],
                    capture_output=True,
                    text=True,
                    check=False,  # a host's systemd removes groups meanwhile
                ).stdout.split()
            )
            for host in hosts
        )
        # nspawn, init, sshd and nginx at least.
        assert min(len(first), len(second)) >= 4
        assert not first & second


def test_hosts_reach_the_outside(host: Host) -> None:
    host.run("apt-get update --error-on=any")


def test_pyinfra_reaches_hosts_by_their_names(lab: Lab, tmp_path: Path) -> None:
    chosen = [lab.find("web1")]
    chosen[0].start()
    inventory = lab.inventory(tmp_path / "inventory.py", chosen, user="deployer", _sudo=True)
    argv = [sys.executable, "-m", "pyinfra", str(inventory), "exec", "--", "id", "-un"]
    result = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert "[web1] root" in result.stdout + result.stderr
    assert result.returncode == 0


def test_the_lab_belongs_to_one_process(lab: Lab) -> None:
    argv = [sys.executable, "-m", "tests.lab", "down", "--name", NAME]
    result = subprocess.run(argv, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 1
    assert result.stderr == f"lab: lab {NAME} is in use by process {os.getpid()}\n"
    with pytest.raises(LabError, match=r"10\.99\.9\.0/24 is in use on lab-labtest"):
        Lab("labtest2", SUBNET).up()
    Lab("labtest2", SUBNET).down()


def test_down_leaves_nothing(lab: Lab) -> None:
    assert traces()
    lab.down()
    assert traces() == []
    lab.down()


def test_a_lab_whose_process_was_killed_makes_way(lab: Lab) -> None:
    lab.down()
    with interfering() as lost:
        lost.kill()
    lab.up()
    assert lab.all() == []
    assert not any("lost" in line for line in traces())
    lab.down()
    assert traces() == []


@pytest.mark.parametrize("told", ["", "4194305"], ids=["nobody-yet", "a-process-that-was"])
def test_a_lab_waits_for_a_lock_whose_holder_is_nobody_who_stays(lab: Lab, told: str) -> None:
    """Between a lock's taking and its holder's name in it, and while it outlives the holder."""
    lab.down()
    hold = 'printf %s "$1" > "$0"; echo held; sleep 1'
    argv = ["flock", str(lab_lock(NAME)), "sh", "-c", hold, str(lab_lock(NAME)), told]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        lab.up()
        assert holder.wait() == 0
    assert lab_lock(NAME).read_text() == str(os.getpid())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_lab_goes_with_its_process(lab: Lab, number: signal.Signals) -> None:
    lab.down()
    with interfering() as process:
        process.send_signal(number)
        process.wait(timeout=20)
        if number != signal.SIGKILL:
            assert traces() == []
    assert_goes()


def test_a_lab_goes_though_the_lock_of_its_killed_process_lives_on(lab: Lab) -> None:
    """For a moment that of each killed one may: the kernel closes its files in no order."""
    lab.down()
    with interfering("lend") as process:
        process.kill()
    assert_goes()


def test_control_groups_are_read_while_a_host_removes_some(lab: Lab) -> None:
    lab.down()
    folder = make(f"lab-{NAME}/busy")[0]
    churn = "while :; do mkdir -p a/b/c; rmdir a/b/c a/b a; done"
    process = subprocess.Popen(["sh", "-c", churn], cwd=folder)
    try:
        for _ in range(2000):
            assert members(f"lab-{NAME}") == []
    finally:
        process.kill()
        process.wait()
        lab.down()


def test_the_lab_stays_up_after_the_command(lab: Lab) -> None:
    def command(*words: str) -> "subprocess.CompletedProcess[str]":
        argv = [sys.executable, "-m", "tests.lab", *words]
        return subprocess.run(argv, capture_output=True, text=True, cwd=ROOT, check=False)

    name = ("--name", NAME)
    lab.down()
    up = command("up", *name, "--subnet", SUBNET, "--hosts", "1")
    assert f"http://{SUBNET}.2/" in up.stdout
    assert f"tests.lab down --name {NAME}" in up.stdout
    assert command("ssh", *name, "web1", "hostname").stdout == "web1\n"
    assert command("reset", *name, "web1").returncode == 0
    assert "web1  up  Debian 12 ready" in command("status", *name).stdout
    assert command("down", *name).returncode == 0
    assert traces() == []
    gone = command("status", *name)
    assert (gone.returncode, gone.stderr) == (1, f"lab: no lab '{NAME}' is up\n")


def test_without_root_it_says_so() -> None:
    # By hand and not by `user=`: the interpreter may be where nobody else may read.
    code = (
        "import os; from tests.lab.__main__ import main; import sys; os.setuid(65534); "
        "sys.exit(main(['up']))"
    )
    argv = [sys.executable, "-c", code]
    result = subprocess.run(argv, capture_output=True, text=True, cwd=ROOT, check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "lab: the lab needs root" in result.stderr
