"""Who is measured: how each deploys a release of the sample project to some of its hosts."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.contenders.sockets import SOCKETS
from bench.contenders.tools import Tools
from bench.measuring import REPOSITORY
from tests.e2e.controller import PYINFRA, SAMPLE
from tests.lab import Host, Lab

CONTENDERS = REPOSITORY / "bench" / "contenders"


@dataclass(frozen=True)
class Release:
    """Of the sample project: the same code for all, in the shape that each takes."""

    name: str
    source: Path
    title: str
    """Of its page, by which a visitor can tell it."""


@dataclass(frozen=True)
class Contender:
    """A tool with an inventory."""

    name: str
    hosts: Sequence[Host]
    deploys: Callable[[Release], list[str]]
    """The command that brings a release to all of them."""
    environment: Mapping[str, str] = field(default_factory=dict)


def ours(path: Path, lab: Lab, hosts: Sequence[Host]) -> list[Contender]:
    """This project, and the floor: the same connections, and nothing to do over them."""
    pyinfra = [*PYINFRA, str(lab.inventory(path, hosts, "root", **SAMPLE))]

    def deploys(release: Release, how: str = "-y") -> list[str]:
        return [*pyinfra, "deploy.py", how, "--data", f"source={release.source}"]

    return [
        Contender("ours", hosts, deploys),
        Contender("plan", hosts, lambda release: deploys(release, "--dry")),
        Contender("floor", hosts, lambda _: [*pyinfra, "exec", "--", "true"]),
    ]


def ansible(
    folder: Path, tools: Tools, lab: Lab, hosts: Sequence[Host], data: Mapping[str, object]
) -> list[Contender]:
    """Ansible's own modules, and the same playbook with Mitogen; on the same hosts."""
    inventory = folder / "ansible.json"
    inventory.write_text(json.dumps(ansible_inventory(lab, hosts, data)))
    playbook = [str(tools.programs / "ansible-playbook"), "-i", str(inventory)]
    playbook.append(str(CONTENDERS / "ansible" / "site.yml"))
    plain = {
        "ANSIBLE_CONFIG": str(CONTENDERS / "ansible" / "ansible.cfg"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_SSH_CONTROL_PATH_DIR": str(folder.parent / SOCKETS),
        "PATH": f"{tools.programs}:{os.environ['PATH']}",
    }
    mitogen = {
        "ANSIBLE_STRATEGY_PLUGINS": str(tools.strategies),
        "ANSIBLE_STRATEGY": "mitogen_linear",
    }

    def deploys(release: Release) -> list[str]:
        return [*playbook, "--extra-vars", json.dumps({"release": release.name})]

    return [
        Contender("ansible", hosts, deploys, plain),
        Contender("mitogen", hosts, deploys, plain | mitogen),
    ]


def ansible_inventory(
    lab: Lab, hosts: Sequence[Host], data: Mapping[str, object]
) -> dict[str, object]:
    """The group `app` as an inventory in YAML, which JSON is."""
    options = f"-o UserKnownHostsFile={lab.known_hosts} -o StrictHostKeyChecking=yes"
    entries = {
        host.name: {
            "ansible_host": host.address,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(host.key_file),
            "ansible_ssh_common_args": f"-F none -o IdentitiesOnly=yes {options}",
        }
        for host in hosts
    }
    return {"app": {"hosts": entries, "vars": dict(data)}}


def stock(
    path: Path, tools: Tools, lab: Lab, hosts: Sequence[Host], data: Mapping[str, object]
) -> Contender:
    """pyinfra's own operations, without what config.py of ours does."""
    inventory = str(lab.inventory(path, hosts, "root", **data))
    pyinfra = [str(tools.programs / "pyinfra"), "--chdir", str(CONTENDERS / "stock"), inventory]

    def deploys(release: Release) -> list[str]:
        return [*pyinfra, "deploy.py", "-y", "--data", f"release={release.name}"]

    return Contender("stock", hosts, deploys)


def by_hand(host: Host, data: Mapping[str, object], program: Path) -> Contender:
    """The same commands in a script, with nothing in between."""

    def deploys(release: Release) -> list[str]:
        script = str(CONTENDERS / "by_hand" / "deploy.sh")
        archive = f"{data['archives']}/{release.name}.tar.gz"
        words = [str(data["files"]), archive, release.name, str(program)]
        return ["sh", script, *words, *host.ssh_argv()]

    return Contender("hand", [host], deploys)
