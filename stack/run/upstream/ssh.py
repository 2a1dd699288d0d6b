"""Connections over SSH, and the commands that go over them."""

from collections.abc import Callable, Iterator
from typing import Any

from paramiko import SSHConfig, SSHConfigDict
from pyinfra.connectors import ssh_util
from pyinfra.connectors.ssh import connector_data_meta
from pyinfra.connectors.sshuserclient import client
from pyinfra.connectors.sshuserclient.client import SSHClient


def set_default_of_ssh(name: str, value: object) -> None:
    """The default of an `ssh_…` setting of pyinfra's, which a host's own data still wins over.

    Upstream needs a setting in config.py for each.
    """
    connector_data_meta[name].default = value


def wrap_commands(wrap: Callable[..., Any]) -> None:
    """Have each command go over SSH by way of a function, which gets paramiko's own first.

    Upstream needs a command of one line for whatever login shell there is, and patience with
    MaxSessions.
    """
    plainly = SSHClient.exec_command

    def exec_command(self: SSHClient, command: str, *words: Any, **options: Any) -> Any:
        return wrap(lambda text: plainly(self, text, *words, **options), command)

    SSHClient.exec_command = exec_command  # type: ignore[method-assign, assignment]


def read_ssh_config_by(
    read: Callable[[Callable[[str], SSHConfigDict], str], SSHConfigDict],
) -> None:
    """Have what ~/.ssh/config says of a host read by a function, which gets paramiko's own first.

    Upstream (paramiko) needs to take ssh_config's word `none` for what it means; and pyinfra, to
    notice that a jump host is to be reached by way of itself.
    """
    looked_up = SSHConfig.lookup

    def lookup(self: SSHConfig, hostname: str) -> SSHConfigDict:
        return read(lambda name: looked_up(self, name), hostname)

    SSHConfig.lookup = lookup  # type: ignore[method-assign]


def keep_new_host_keys_by(prepare: Callable[[str], None]) -> None:
    """Have a function prepare the place of known_hosts before a host's key is added to it.

    Upstream needs to make the folder, which someone who has never used SSH does not have.
    """
    append: Callable[..., None] = client.append_hostkey

    def append_prepared(its: Any, hostname: str, key: object) -> None:
        if its._host_keys_filename is not None:
            prepare(its._host_keys_filename)
        append(its, hostname, key)

    client.append_hostkey = append_prepared


def have_passphrases_asked_by(ask: Callable[[Callable[[str], str], str], str]) -> None:
    """Have a function ask for the passphrase of a key; it gets upstream's own, and the question.

    Upstream tells of an `EOF error` where there is no terminal.
    """
    plainly: Callable[[str], str] = ssh_util.getpass

    def getpass(question: str) -> str:
        return ask(plainly, question)

    ssh_util.getpass = getpass  # type: ignore[assignment]


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield ssh_util, "getpass"
    yield SSHClient, "exec_command"
    yield SSHConfig, "lookup"
    yield client, "append_hostkey"
    yield SSHClient(), "_host_keys_filename"
