"""An Nginx site as a file. Where it sends visitors is the switch's to change, and not looked at."""

from dataclasses import dataclass

from stack.host.files import File, digest
from stack.host.observation import Entry
from stack.onhost.switch.visitors import PROXY_PASS

WRITTEN = "# Written by the deployment, and replaced by it: "


def written(text: str) -> str:
    """The text of an Nginx site, with a line that tells whether anyone else has changed it."""
    return f"{WRITTEN}{masked_digest(text)[:16]}\n{text}"


def is_as_written(text: str) -> bool:
    """Whether a site is as a deployment has left it, whichever and wherever it sends visitors."""
    first, _, rest = text.partition("\n")
    return first == f"{WRITTEN}{masked_digest(rest)[:16]}"


def masked_digest(text: str) -> str:
    """That of a site without the addresses that it sends visitors to."""
    return digest(PROXY_PASS.sub("proxy_pass;", text))


def proxied_to(text: str) -> str:
    """The first address that a site sends visitors to; empty when it sends them nowhere."""
    found = PROXY_PASS.search(text)
    return found[1] if found else ""


@dataclass(frozen=True)
class Site(File):
    """One that the switch changes."""

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, but for the address."""
        return entry is not None and (
            (entry.kind, entry.mode, entry.owner, entry.group, entry.masked_sha256)
            == ("file", self.mode, "root", "root", masked_digest(self.content))
        )
