"""What the server blocks of an Nginx file answer for: pure functions of its text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

EVERYWHERE = "*:80"
"""Port 80 on all IPv4 addresses, which is what a site listens to that says nothing else."""

OF_DEBIANS_SITE = {EVERYWHERE, "[::]:80"}
"""Where the site listens that comes with Debian's package."""
NOBODYS = {"", "_"}
"""What a site says that has no name."""

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<word>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?:[^\s;{}\\]|\\.)+)|(?P<end>[;{}])""",
    re.DOTALL,
)


@dataclass
class Server:
    """A server block."""

    listens: list[tuple[str, ...]] = field(default_factory=list)
    """The words of its `listen` directives."""
    names: set[str] = field(default_factory=set)
    """In lower case."""

    @property
    def addresses(self) -> set[str]:
        """Where it listens: `*:80`, `[::]:80`, `10.0.0.1:443`, `unix:/path`."""
        return {one for words in self.listens for one in _addresses(words)} or {EVERYWHERE}

    def is_default_at(self, address: str) -> bool:
        """Whether it answers there for names that no other block has."""
        return any(
            address in _addresses(words) and {"default_server", "default"} & set(words[1:])
            for words in self.listens
        )


@cache
def servers_in(text: str) -> Sequence[Server]:
    """The server blocks of a file; of one that is cut short or broken, those up to there.

    Many hosts have the same files: each is read once.
    """
    servers: list[Server] = []
    blocks: list[Server | None] = []
    for words, end in directives(text):
        if end == "{":
            is_server = words == ["server"]
            if is_server:
                servers.append(Server())
            blocks.append(servers[-1] if is_server else None)
        elif end == "}":
            if blocks:
                blocks.pop()
        elif words[1:] and blocks and (server := blocks[-1]):
            if words[0] == "listen":
                server.listens.append(tuple(words[1:]))
            elif words[0] == "server_name":
                server.names.update(word.lower() for word in words[1:])
    return servers


def directives(text: str) -> Iterator[tuple[list[str], str]]:
    """The words of each directive, and whether `;` or `{` ends it; a `}` stands alone."""
    words: list[str] = []
    position = 0
    while position < len(text) and (token := _TOKEN.match(text, position)):
        position = token.end()
        if word := token["word"]:
            words.append(word[1:-1] if word[0] in "\"'" and word[-1] == word[0] else word)
        elif end := token["end"]:
            yield words, end
            words = []


def _addresses(words: tuple[str, ...]) -> set[str]:
    address = words[0].lower()
    if address.startswith("unix:"):
        return {address}
    if address.isdigit():
        address = f"*:{address}"
    elif ":" not in address.rpartition("]")[2]:
        address = f"{address}:80"
    host, _, port = address.rpartition(":")
    if host == "[::]" and "ipv6only=off" in words:
        return {address, f"*:{port}"}
    return {f"*:{port}" if host == "0.0.0.0" else address}  # noqa: S104 - nobody listens here
