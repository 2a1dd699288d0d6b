"""The lab from a shell: `python -m tests.lab up`, `status`, `ssh`, `reset`, `down`."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from tests.lab import bases, requirements, systems
from tests.lab.errors import LabError
from tests.lab.host import Host
from tests.lab.lab import Lab

DEMO = "demo"
DEMO_SUBNET = "10.99.0"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code. Errors are one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        requirements.check()
        options.run(options)
        return 0
    except LabError as error:
        print(f"lab: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        print("lab: interrupted", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    ready = commands.add_parser("bases", help="make the root file systems that the cache lacks")
    ready.add_argument("--system", default=systems.default(), choices=systems.SYSTEMS)
    ready.add_argument("--base", default="ready", choices=bases.BASES)
    ready.set_defaults(run=_bases)

    up = commands.add_parser("up", help="make the lab and leave it running")
    up.add_argument("--hosts", type=int, default=2, metavar="N")
    up.add_argument("--system", default=systems.default(), choices=systems.SYSTEMS)
    up.add_argument("--base", default="ready", choices=bases.BASES)
    up.add_argument("--subnet", default=DEMO_SUBNET, help="three numbers (%(default)s)")
    up.add_argument("--inventory", type=Path, help="a pyinfra inventory to write")
    up.set_defaults(run=_up)

    down = commands.add_parser("down", help="remove the lab, also what a crash left of one")
    down.set_defaults(run=_down)

    status = commands.add_parser("status", help="list the hosts")
    status.set_defaults(run=_status)

    reset = commands.add_parser("reset", help="throw away what a host has written")
    reset.add_argument("host")
    reset.add_argument("--to", default="base", help="base, or the name of a snapshot")
    reset.set_defaults(run=_reset)

    ssh = commands.add_parser("ssh", help="log in to a host, or run a command on it")
    ssh.add_argument("--user", default="root", help="root, deployer or admin")
    ssh.add_argument("host")
    ssh.add_argument("command", nargs=argparse.REMAINDER)
    ssh.set_defaults(run=_ssh)

    for command in (up, down, status, reset, ssh):
        command.add_argument("--name", default=DEMO, help="of the lab (%(default)s)")
    return parser


def _bases(options: argparse.Namespace) -> None:
    bases.layers(options.system, options.base)


def _up(options: argparse.Namespace) -> None:
    with Lab(options.name, options.subnet) as lab:
        hosts = lab.hosts(options.hosts, options.system, options.base)
        if options.inventory:
            lab.inventory(options.inventory)
        lab.keep()
    for host in hosts:
        _show(host)
    print(f"remove them: {_python()} -m tests.lab down --name {shlex.quote(options.name)}")


def _down(options: argparse.Namespace) -> None:
    # The subnet plays no part in removing.
    Lab(options.name, DEMO_SUBNET).down()


def _status(options: argparse.Namespace) -> None:
    for host in Lab.attach(options.name).all():
        _show(host)


def _reset(options: argparse.Namespace) -> None:
    Lab.attach(options.name).find(options.host).reset(options.to)


def _ssh(options: argparse.Namespace) -> None:
    argv = Lab.attach(options.name).find(options.host).ssh_argv(options.user)
    # This process becomes ssh: its terminal, signals and exit code are then right.
    os.execvp(argv[0], [*argv, *options.command])


def _show(host: Host) -> None:
    state = "up" if host.is_running() else "down"
    print(f"{host.name}  {state}  {systems.title(host.system)} {host.base}  http://{host.address}/")
    print(f"    {shlex.join(host.ssh_argv())}")


def _python() -> str:
    return shlex.quote(Path(sys.executable).name)


if __name__ == "__main__":
    sys.exit(main())
