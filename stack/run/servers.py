"""Servers as they are: login shells, mounts, limits, and what ~/.ssh/config says of them."""

import shlex
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gevent
from paramiko import ChannelException, SSHConfigDict, SSHException
from pyinfra.api.exceptions import ConnectError

from stack.run.upstream import ssh, sudo
from stack.shell.scripts import script

PATIENCE, PAUSE_SECONDS = 4, 0.25
PROXIES = ("proxyjump", "proxycommand")

ASKPASS = script(__file__, "askpass.sh")


def take_as_they_are() -> None:
    """Have pyinfra cope with login shells, languages, mounts and SSH as they are on servers."""
    sudo.hand_over_password_by(ASKPASS)
    sudo.understand_that_it_asks()
    ssh.wrap_commands(_patiently)
    ssh.read_ssh_config_by(as_openssh)
    ssh.keep_new_host_keys_by(_make_folder)
    ssh.have_passphrases_asked_by(_asked)


def _patiently(run: Callable[[str], Any], command: str) -> Any:
    # With MaxSessions 1 the command before has to be gone, and sshd is a moment late to say so.
    for _ in range(PATIENCE):
        try:
            return _told_plainly(run, one_line(command))
        except ChannelException:
            gevent.sleep(PAUSE_SECONDS)
    return _told_plainly(run, one_line(command))


def _told_plainly(run: Callable[[str], Any], line: str) -> Any:
    """Run a line; pyinfra tells of an error of SSH's by the host's name, and of no EOFError."""
    try:
        return run(line)
    except EOFError:
        raise SSHException("the host has ended the connection") from None


def _asked(ask: Callable[[str], str], question: str) -> str:
    try:
        return ask(question)
    except EOFError:
        key = question.partition(": ")[2].rstrip(": ")
        raise ConnectError(
            f"The key {key} has a passphrase, and there is no terminal to ask you on: add the key "
            "to your SSH agent by ssh-add, or set ssh_key_password"
        ) from None


def _make_folder(known_hosts: str) -> None:
    Path(known_hosts).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def as_openssh(look_up: Callable[[str], SSHConfigDict], name: str) -> SSHConfigDict:
    """What ssh_config says of a host.

    Raises:
        SSHException: it is to be reached by way of a host that is to be reached by way of itself.
    """
    found = without_none(look_up(name))
    if loop := _loop(look_up, found, [name]):
        raise SSHException(
            f"jumphost loop via {loop}: set ProxyJump none for it in ~/.ssh/config, before the "
            "entry that all hosts have"
        )
    return found


def _loop(look_up: Callable[[str], SSHConfigDict], found: SSHConfigDict, way: list[str]) -> str:
    """The host that the way to a host leads back to; empty when it does not."""
    for hop in filter(None, found.get("proxyjump", "").split(",")):
        # USER@NAME:PORT; more colons are an IPv6 address.
        name = hop.strip().rpartition("@")[2]
        name = name.partition(":")[0] if name.count(":") == 1 else name
        if name in way:
            return name
        if loop := _loop(look_up, without_none(look_up(name)), [*way, name]):
            return loop
    return ""


def without_none(found: SSHConfigDict) -> SSHConfigDict:
    """What ssh_config says of a host, with the proxy that OpenSSH would take, or with none.

    Of the two options the first that stands there counts, as `none` too.
    """
    said = [name for name in found if name in PROXIES]
    for name in said[1:]:
        del found[name]
    # paramiko has None for a ProxyCommand of that name.
    if said and (found[said[0]] or "none").lower() == "none":
        del found[said[0]]
    return found


def one_line(command: str) -> str:
    """A command as a line that csh and fish understand too, in which login shells run it."""
    if "\n" not in command:
        return command
    encoded = b64encode(command.encode()).decode()
    return shlex.join(["sh", "-c", f'eval "$(echo {encoded} | base64 -d)"'])
