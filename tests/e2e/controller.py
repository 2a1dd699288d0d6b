"""The machine that deploys: a folder with an inventory, and plain pyinfra."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import Host, Lab

REPOSITORY = Path(__file__).resolve().parents[2]
PYINFRA = [str(Path(sys.executable).with_name("pyinfra"))]
SAMPLE = {
    "source": "tests/project",
    "env": {"SECRET_KEY": "a secret for tests alone"},
    "shared": ["data", "media"],
    "migrate": "each",
    "health_path": "/health",
    "gate_seconds": 1,
}
"""Settings that deploy the sample project, a SQLite database for each host."""
ENVIRONMENT = {"NO_COLOR": "1"}
"""What pyinfra gets besides the environment of the tests."""
PASSWORD = "wombat-51c0f%/@ 'burrow"
"""The database's: made up so that nothing else has it; with what a URL and SQL have to quote."""


class Away:
    """As a setting: a function for a secret that cannot be had."""

    def __repr__(self) -> str:
        """As an inventory has it."""
        return '__import__("stack.secrets").secrets.from_environment("IN_NOBODYS_ENVIRONMENT")'


@dataclass(frozen=True)
class Run:
    """A run of pyinfra that has ended."""

    returncode: int
    stdout: str
    output: str
    """What a person reads: standard error."""

    def names(self, part: str, key: str) -> list[str]:
        """The names of the operations that `--json` lists with some host under `key`."""
        payload = json.loads(self.stdout)
        operations = payload["plan"] if part == "plan" else payload["results"]["operations"]
        return [one["name"] for one in operations if one[key]]

    @property
    def planned(self) -> list[str]:
        """What the plan would change, conditional changes included, in order."""
        return self.names("plan", "hosts_with_change") + self.names(
            "plan", "hosts_with_conditional_change"
        )

    @property
    def changed(self) -> list[str]:
        """What the apply has changed, in order."""
        return self.names("results", "success")


class Controller:
    """Runs pyinfra over hosts of the lab, from the repository's folder."""

    def __init__(self, folder: Path, lab: Lab, hosts: Sequence[Host]) -> None:
        self.folder = folder
        self.lab = lab
        self.hosts = hosts
        self.user = "root"
        self.groups: dict[str, Sequence[Host]] = {}
        """The inventory's, where there are more than `app`."""
        self.data: dict[str, object] = dict(SAMPLE)
        """The settings, as inventory data; a test changes what it is about."""

    def pyinfra(self, *words: str, limit: float = 300, check: bool = True) -> Run:
        """Run pyinfra with deploy.py, or with the files and options in `words`."""
        return self.run([*PYINFRA, str(self.inventory()), *words], limit, check)

    def inventory(self, *lines: str) -> Path:
        """Write the inventory, with these lines of Python at its end; its path."""
        path = self.lab.inventory(
            self.folder / "inventory.py", self.groups or self.hosts, user=self.user, **self.data
        )
        path.write_text("\n".join([path.read_text(), *lines, ""]))
        return path

    def run(self, command: Sequence[str], limit: float = 300, check: bool = True) -> Run:
        """Run a command from the repository's folder.

        Raises:
            AssertionError: it failed, and `check` is set; with its output. Or it took too long;
                with what the hosts were at then, besides.
        """
        try:
            done = subprocess.run(
                command,
                cwd=REPOSITORY,
                env={**os.environ, **ENVIRONMENT},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=limit,
            )
        except subprocess.TimeoutExpired as late:
            said = (late.stderr or b"").decode(errors="replace")
            busy = [
                host.enter("ps -eo pid,etimes,stat,wchan:20,args").stdout
                for host in self.hosts
                if host.is_running()
            ]
            raise AssertionError("\n".join([f"after {limit} s:", said[-6000:], *busy])) from None
        run = Run(done.returncode, done.stdout, done.stderr)
        assert not check or run.returncode == 0, run.output[-6000:] + run.stdout[-2000:]
        return run

    def start(
        self, *words: str, lines: Sequence[str] = (), entry: str = "deploy.py"
    ) -> "subprocess.Popen[str]":
        """Begin to deploy; standard output has what a person would see.

        Args:
            words: of pyinfra's; `-y` without any.
            lines: of Python, at the end of the inventory.
            entry: the entry file, where it is another.
        """
        return subprocess.Popen(
            [*PYINFRA, str(self.inventory(*lines)), entry, *(words or ["-y"])],
            cwd=REPOSITORY,
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextmanager
    def at_its_prompt(self, entry: str = "deploy.py") -> Iterator["subprocess.Popen[str]"]:
        """A run whose plan stands on the screen, for a person to say yes with Enter."""
        with subprocess.Popen(
            [*PYINFRA, str(self.inventory()), entry],
            cwd=REPOSITORY,
            env={**os.environ, **ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout
            shown = ""
            while "Press enter to execute" not in shown:
                piece = process.stdout.read(1)
                assert piece, shown
                shown += piece
            try:
                yield process
            finally:
                process.kill()

    def plan(self, *words: str) -> list[str]:
        """The operations that a dry run says it would change."""
        return self.pyinfra("deploy.py", "--dry", "--json", *words).planned

    def apply(self, *words: str, check: bool = True) -> Run:
        """Deploy."""
        return self.pyinfra("deploy.py", "-y", "--json", *words, check=check)

    def use_database(self) -> None:
        """Have the sample project use the database of the group `db`."""
        (self.project() / "requirements.txt").write_text("Django==5.2.*\npsycopg[binary]\n")
        self.data |= {"migrate": "once", "shared": ["media"], "database_password": PASSWORD}

    def project(self, name: str = "project") -> Path:
        """A copy of the sample project for a test to change; it becomes the source."""
        copy = self.folder / name
        if not copy.exists():
            shutil.copytree(REPOSITORY / "tests" / "project", copy, ignore=_made_in_place)
        self.data["source"] = str(copy)
        return copy


def _made_in_place(folder: str, names: list[str]) -> set[str]:
    """What running the project in its own folder leaves there; not an app's static files."""
    made = {"__pycache__"}
    if Path(folder).name == "project":
        made |= {"data", "media", "static"}
    return made & set(names)
