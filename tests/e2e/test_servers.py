"""Servers as they are: what their owners have set works, or is told in a line that is true."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stack.commands.system import install
from stack.project.packages import POLICY
from tests.e2e.controller import Controller
from tests.e2e.http import get, over_ipv6
from tests.e2e.systems import host_of
from tests.e2e.untouched import Untouched
from tests.lab import ADMIN_PASSWORD, Host, Lab
from tests.lab.systems import System

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def odd(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A host that is set up as some are, and deployed to by one who logs in with a password.

    fish is his login shell, tcsh that of root, and bash what scripts of sh run in; homes are on
    another disk.
    """
    host = lab.host("odd")
    install = "DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends"
    host.enter(f"{install} tcsh fish needrestart > /dev/null 2>&1", timeout=300)
    host.write("/etc/needrestart/conf.d/restless.conf", RESTLESS)
    host.enter(
        "usermod -s /usr/bin/fish admin && usermod -s /bin/tcsh root && ln -sf bash /bin/sh && "
        "mv /home /srv/home && ln -s /srv/home /home && "
        "mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp && "
        "echo MaxSessions 2 >> /etc/ssh/sshd_config && systemctl restart ssh && "
        "printf '%s\\n' LANGUAGE=de_DE LC_MESSAGES=de_DE.UTF-8 PATH=/usr/bin:/bin "
        ">> /etc/environment && printf '[install]\\nuser = true\\n' >> /etc/pip.conf"
    )
    with_password(Controller(tmp_path_factory.mktemp("odd"), lab, [host])).apply()
    return host


RESTLESS = """\
$nrconf{restart} = 'a';
system('touch', '/run/needrestart-was-asked');
"""
"""Has needrestart restart all services after every package, and tell that it was asked."""


def with_password(site: Controller) -> Controller:
    """Have it log in as one who becomes root by sudo, with a password."""
    site.user = "admin"
    site.data |= {"_sudo": True, "_sudo_password": ADMIN_PASSWORD}
    return site


def test_an_odd_server_is_deployed_to_all_the_same(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    assert get(odd).status == 200
    assert with_password(controller(odd)).plan() == []


def test_needrestart_asks_nothing_and_restarts_nothing(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    main = "systemctl show -P MainPID ssh nginx supervisor"
    before = odd.enter(main).stdout
    site = controller(odd)
    site.data["extra_packages"] = ["nftables"]
    [installed] = site.apply().changed
    assert installed.endswith(", nftables")
    assert odd.enter(main).stdout == before
    asked = "test -e /run/needrestart-was-asked"
    assert odd.enter(asked, check=False).returncode == 1
    # A person's own apt does ask it.
    odd.enter("apt-get -qy purge nftables && " + asked, timeout=120)


def test_a_host_that_is_reached_by_no_jump_host_is_reached(
    odd: Host, controller: Callable[..., Controller], tmp_path: Path
) -> None:
    config = tmp_path / "ssh_config"
    site = controller(odd)
    site.data["ssh_config_file"] = str(config)
    others = "Host 10.*\n ProxyJump nowhere.invalid\n"
    config.write_text(f"Host {odd.address}\n ProxyJump none\n{others}")
    assert site.plan() == []
    config.write_text(others)
    assert "Could not resolve hostname" in site.pyinfra("deploy.py", "--dry", check=False).output


def test_as_root_it_is_as_well(odd: Host, controller: Callable[..., Controller]) -> None:
    """Without sudo, which sets a PATH of its own."""
    site = controller(odd)
    odd.enter("userdel -r nobody2 2>/dev/null; rm -f /etc/logrotate.d/fooproject")
    odd.enter("usermod -s /bin/sh fooproject")
    changed = site.apply().changed
    assert [name.partition(" |")[0] for name in changed] == ["User", "Logs"]
    assert site.plan() == []


@pytest.mark.long
def test_what_the_environment_has_programs_do_is_nothing_to_ours(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    """As root, who gets all of it; sudo takes most of it away."""
    odd.enter(
        "printf '%s\\n' PYTHONSAFEPATH=1 PYTHONPATH=/tmp PYTHONWARNINGS=error POSIXLY_CORRECT=1 "
        "CDPATH=/ TAR_OPTIONS=--totals BLOCK_SIZE=1K GREP_OPTIONS=-v TMPDIR=/nowhere "
        ">> /etc/environment"
    )
    site = controller(odd)
    site.data["workers"] = 4
    assert any(name.startswith("Release | Serve") for name in site.apply().changed)
    assert site.plan() == []
    assert get(odd).status == 200
    controller(odd).apply()


def test_an_installation_that_was_killed_keeps_no_service_from_starting(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    command = install(["nginx"], held=["nginx"]).get_raw_value()
    standing.enter(
        f"{command} > /dev/null 2>&1 & until [ -x {POLICY} ]; do :; done; "
        f"kill -KILL $(sed -n 's,.*/proc/\\([0-9]*\\).*,\\1,p' {POLICY})"
    )
    # By now some other process may have its number.
    standing.enter(f"sed -i 's,/proc/[0-9][0-9]*,/proc/1,' {POLICY} && {POLICY} nginx start")
    site = controller(standing)
    assert site.plan() == site.apply().changed == ["Packages | Let their services start"]
    standing.enter(f"test ! -e {POLICY}")
    standing.write(POLICY, "#!/bin/sh\nexit 0\n", 0o755)
    assert site.plan() == []


@pytest.mark.long
def test_what_root_writes_for_others_is_theirs_to_read(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    """Whatever the umask that root logs in with."""
    host = lab.host("closed")
    host.enter("echo 'session optional pam_umask.so umask=0077' >> /etc/pam.d/sshd")
    assert host.run("umask").stdout == "0077\n"
    controller(host).apply()
    assert get(host).status == 200
    logs = "gunicorn nginx.access nginx.error releases understudy"
    paths = " ".join(f"/home/fooproject/logs/{name}.log" for name in logs.split())
    host.enter(f"cat {paths} > /dev/null", user="fooproject")
    host.power_off()


def test_a_system_that_is_too_old_is_told(odd: Host, controller: Callable[..., Controller]) -> None:
    odd.enter("echo 'ID=debian\nVERSION_ID=\"11\"' > /run/of-old")
    odd.enter("mount --bind /run/of-old /usr/lib/os-release")
    told = controller(odd).pyinfra("deploy.py", "--dry", check=False)
    odd.enter("umount /usr/lib/os-release")
    assert told.returncode == 1
    assert "odd: runs debian 11; this deploys to debian 12 and newer" in told.output


@pytest.mark.parametrize("option", ["noexec", "ro"])
def test_a_home_that_no_program_can_run_from_is_told(
    odd: Host, controller: Callable[..., Controller], option: str
) -> None:
    odd.enter(f"mount --bind /home /home && mount -o remount,bind,{option} /home")
    told = controller(odd).pyinfra("deploy.py", "-y", check=False)
    odd.enter("umount /home")
    assert told.returncode == 1
    assert "odd: /srv/home is mounted " in told.output
    assert controller(odd).plan() == []


@pytest.mark.long
def test_a_server_whose_tools_are_written_in_rust_is_deployed_to_all_the_same(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = host_of(lab, "oxide", System("ubuntu-26.04"))
    assert "GNU" not in host.run("sort --version; stat --version; ln --version").stdout
    assert "sudo-rs" in host.run("sudo --version").stdout
    site = controller(host)
    site.user = "deployer"
    site.data["_sudo"] = True
    site.apply()
    assert get(host).status == 200
    assert site.plan() == []
    site.pyinfra("remove.py", "-y", "--data", "everything=True")
    assert "no such user" in host.run("id fooproject", check=False).stderr


def test_a_password_that_cannot_be_handed_to_sudo_is_told(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    folders = ("/home/admin", "/var/tmp", "/dev/shm")
    for folder in folders:
        odd.enter(f"mount --bind {folder} {folder} && mount -o remount,bind,noexec {folder}")
    odd.enter("install -d -m 1777 /opt/run")
    site = with_password(controller(odd))
    told = site.pyinfra("deploy.py", "--dry", check=False)
    assert told.returncode == 1
    assert "are all mounted noexec; set _temp_dir" in told.output
    site.data["_temp_dir"] = "/opt/run"
    assert site.plan() == []
    for folder in folders:
        odd.enter(f"umount {folder}")


def test_a_single_session_is_refused_before_anything_is_changed(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    odd.enter(
        "sed -i 's/^MaxSessions 2/MaxSessions 1/' /etc/ssh/sshd_config; systemctl restart ssh"
    )
    site = controller(odd)
    site.data["workers"] = 2
    told = site.pyinfra("deploy.py", "-y", check=False)
    odd.enter(
        "sed -i 's/^MaxSessions 1/MaxSessions 2/' /etc/ssh/sshd_config; systemctl restart ssh"
    )
    assert told.returncode != 0
    assert "set MaxSessions 2 or more in its sshd_config. Nothing was changed." in told.output
    assert odd.enter("grep -c -- '-w 3' /etc/supervisor/conf.d/fooproject.conf").stdout == "1\n"


def test_a_login_that_ends_at_once_is_told(
    odd: Host, controller: Callable[..., Controller]
) -> None:
    odd.enter("usermod -s /bin/bash root && echo 'echo hello' > /root/.bashrc")
    site = controller(odd)
    assert site.plan() == []
    odd.enter("echo 'exit 0' > /root/.bashrc")
    told = site.pyinfra("deploy.py", "--dry", check=False)
    odd.enter("rm /root/.bashrc")
    assert told.returncode != 0
    assert "its login shell runs no commands. Look for an exit in the .bashrc" in told.output
    assert "Traceback" not in told.output


WITHOUT_IPV6 = "[Service]\nRestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK\n"
ASKS_FOR_IPV6 = "python3 -c 'import socket; socket.socket(socket.AF_INET6)'"


@pytest.mark.long
def test_a_kernel_without_ipv6_is_served_by_ipv4_until_it_has_it(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("four")
    # As ipv6.disable=1 has it: no settings of its own, and no socket for any program.
    for unit in ("nginx", "ssh"):
        host.write(f"/etc/systemd/system/{unit}.service.d/four.conf", WITHOUT_IPV6)
    host.enter("systemctl daemon-reload; mount -t tmpfs none /proc/sys/net; systemctl restart ssh")
    assert "not supported" in host.run(ASKS_FOR_IPV6, check=False).stderr
    site = controller(host)
    site.data |= {"redirect_names": ["www.fooproject.se"]}
    site.apply()
    assert (get(host).status, get(host, Host="www.fooproject.se").status) == (200, 301)
    assert site.plan() == []

    host.enter("rm /etc/systemd/system/*.service.d/four.conf; systemctl daemon-reload")
    host.enter("umount /proc/sys/net; systemctl restart ssh nginx")
    planned = site.plan()
    assert planned == ["Nginx | Serve fooproject.se", "Nginx | Run Nginx with its configuration"]
    assert site.apply().changed == planned
    assert get(over_ipv6(host, lab)).status == 200


@pytest.mark.long
def test_a_name_that_an_installed_package_provides_is_installed(
    site: Controller, web: Host
) -> None:
    site.data["extra_packages"] = ["httpd", "awk"]
    with Untouched(web):
        assert site.plan() == []


def test_a_package_of_debians_that_pip_lacks_is_named(site: Controller, web: Host) -> None:
    requirements = site.project() / "requirements.txt"
    requirements.write_text(f"{requirements.read_text()}\nx @ git+https://x.example/x\n")
    told = site.apply(check=False)
    assert 'set extra_packages = ["git"].' in told.output
    assert get(web).status == 200
