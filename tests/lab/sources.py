"""Where Debian packages come from: this machine's own apt configuration, for another release."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lab.command import run
from tests.lab.systems import CODENAMES, System, is_ubuntu

APT = Path("/etc/apt")
OPTION_PREFIXES = (
    "Acquire::http::",
    "Acquire::https::",
    "Acquire::Check-Valid-Until ",
    "Acquire::Check-Date ",
    "Acquire::Retries ",
)


@dataclass(frozen=True)
class Source:
    """One archive of packages."""

    uri: str
    suite: str
    components: tuple[str, ...]
    signed_by: str

    def line(self) -> str:
        """As it is written in sources.list."""
        key = f"[signed-by={self.signed_by}] " if self.signed_by else ""
        return f"deb {key}{self.uri} {self.suite} {' '.join(self.components)}"


def sources_list(system: System) -> str:
    """The text of a sources.list for that release of Debian.

    Empty when this machine has none of Debian's sources, and for Ubuntu: mmdebstrap then takes its
    default.
    """
    if is_ubuntu(system):
        return ""
    ours = _own_codename()
    lines = []
    for path in sorted([APT / "sources.list", *APT.glob("sources.list.d/*")]):
        if not path.is_file():
            continue
        parse = parse_stanzas if path.suffix == ".sources" else parse_lines
        for source in parse(path.read_text()):
            if _is_debian(source, ours):
                suite = CODENAMES[system] + source.suite.removeprefix(ours)
                components = tuple(part for part in source.components if part == "main")
                lines.append(Source(source.uri, suite, components, source.signed_by).line())
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def _own_codename() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        if line.startswith("VERSION_CODENAME="):
            return line.partition("=")[2].strip('"')
    return "unknown"


def _is_debian(source: Source, codename: str) -> bool:
    """Whether it is one of Debian's own, not a third party's that merely names a release."""
    return (
        codename == source.suite.partition("-")[0]
        and source.suite in (codename, f"{codename}-updates", f"{codename}-security")
        and "main" in source.components
        and (not source.signed_by or Path(source.signed_by).name.startswith("debian-archive"))
    )


def parse_lines(text: str) -> Iterator[Source]:
    """The binary archives in a sources.list of the one-line style."""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] != "deb":
            continue
        options: list[str] = []
        rest = words[1:]
        if rest and rest[0].startswith("["):
            end = next((i for i, word in enumerate(rest) if word.endswith("]")), 0)
            options = " ".join(rest[: end + 1]).strip("[]").split()
            rest = rest[end + 1 :]
        signed_by = next((o.partition("=")[2] for o in options if o.startswith("signed-by=")), "")
        if len(rest) >= 3:
            yield Source(rest[0], rest[1], tuple(rest[2:]), signed_by)


def parse_stanzas(text: str) -> Iterator[Source]:
    """The binary archives in a .sources file (deb822)."""
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for stanza in kept.split("\n\n"):
        fields = {
            key.strip().lower(): value.strip()
            for key, colon, value in (line.partition(":") for line in stanza.splitlines())
            if colon and not key.startswith((" ", "\t"))
        }
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                components = tuple(fields.get("components", "").split())
                yield Source(uri, suite, components, fields.get("signed-by", ""))


def apt_options() -> str:
    """This machine's apt options about the network (proxies, dates), as an apt.conf text."""
    dump = run(["apt-config", "dump"], check=False).stdout
    lines = [line for line in dump.splitlines() if line.startswith(OPTION_PREFIXES)]
    lines = [line for line in lines if shlex.split(line)[-1] != ";"]
    if not any(line.startswith("Acquire::Retries ") for line in lines):
        # Over a minute in all: the way out may be gone for a while.
        lines.append('Acquire::Retries "8";')
    return "".join(f"{line}\n" for line in lines)
