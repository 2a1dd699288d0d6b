"""A source with what its build makes of it, on the controller."""

import hashlib
import json
import logging
import os
import tarfile
import time
from collections.abc import Sequence
from functools import cache as once
from pathlib import Path

from stack.source import cache
from stack.source.errors import SourceError, without_user
from stack.source.folder import Folder
from stack.source.node import asked_by, untrusted
from stack.source.running import CommandError, run
from stack.source.source import Source
from stack.source.spool import Spool

told = logging.getLogger("pyinfra")
"""Where its lines go: a person waits for each command."""
SECONDS = 1800
"""How long all commands may take together."""
LAST_LINES = 30
"""How much of a failed command's output is told."""
KEPT = ("PATH", "LANG", "TMPDIR")
"""Of the person's environment, without being named: what tools need to be found, and to run."""


class BuildError(SourceError):
    """A command of the build failed; its last words stand above the line."""

    def __init__(self, command: str, reason: str, output: str) -> None:
        super().__init__("build", command, reason)
        self.lines = [f"  | {line}" for line in output.splitlines()[-LAST_LINES:]]

    def __str__(self) -> str:
        return "\n".join([*self.lines, super().__str__()])


class Built(Source):
    """What the commands leave of a source in a folder of its own.

    The build is made once for the same source, commands and names of variables, and kept in the
    cache; whoever asks meanwhile waits. The version is the source's: what a release is does not
    depend on a build that was made before.
    """

    def __init__(self, source: Source, commands: Sequence[str], names: Sequence[str]) -> None:
        super().__init__(source.name)
        self.version = source.version
        self._source = source
        self._commands = commands
        self._names = names

    def paths(self) -> list[str]:
        """The source's own."""
        return self._source.paths()

    def left_out(self) -> list[str]:
        """The source's own."""
        return self._source.left_out()

    @property
    def is_made(self) -> bool:
        """Whether there is nothing to wait for. Raises SourceError."""
        return self._kept.exists()

    def _exists(self, path: str) -> bool:
        return self._source.exists(path)

    def _read(self, path: str) -> bytes | None:
        return self._source.read(path)

    def archive(self) -> Spool:
        """What the build has made, as .tar: it is built where it was not before.

        Raises:
            SourceError: it cannot be.
        """
        with self._making:
            if self._archive is None:
                try:
                    self._archive = self._kept_or_made()
                except OSError as error:
                    raise self._unusable(error) from None
            return self._archive

    def _kept_or_made(self) -> Spool:
        kept = self._kept
        cache.make_once(kept, self._made)
        return Spool.at(kept)

    def _tar(self) -> Spool:
        raise NotImplementedError  # archive() never asks for it

    @property
    def _kept(self) -> Path:
        key = json.dumps([self._source.archive().sha256, list(self._commands), list(self._names)])
        name = hashlib.sha256(key.encode()).hexdigest()
        try:
            return cache.folder("builds") / f"{name}.tar"
        except OSError as error:
            raise self._unusable(error) from None

    def _unusable(self, error: OSError) -> SourceError:
        return SourceError("build", self._commands[0], f"the cache cannot be used: {error}")

    def _made(self, folder: Path) -> Path:
        tree = folder / "source"
        tree.mkdir()
        with tarfile.open(fileobj=self._source.archive().reader(), mode="r:") as archive:
            # Debian 12's own Python has neither the argument nor the filters yet. What there is to
            # unpack is the person's own, and its commands run here anyway.
            archive.extraction_filter = getattr(tarfile, "tar_filter", _as_it_is)
            archive.extractall(tree)  # noqa: S202
        named = (name for name in (*KEPT, *self._names) if name in os.environ)
        # What tools keep between builds, such as npm's cache, and none of the person's own tokens.
        environment = {"HOME": str(cache.folder("builds-home"))}
        environment |= {name: os.environ[name] for name in named}
        until = time.monotonic() + SECONDS
        for command in self._commands:
            told.info("    %s", command)
            try:
                run(command, tree, environment, until - time.monotonic())
            except CommandError as error:
                hints = untrusted(command, error.output, self._names)
                reason = "; ".join([str(error), *asked_by(self._source, command), *hints])
                raise BuildError(command, reason, without_user(error.output)) from None
        made = folder / "made"
        with made.open("wb") as file:
            file.writelines(Folder(tree, self.name).archive().parts())
        return made


def _as_it_is(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo:
    return member


@once
def built(source: Source, commands: tuple[str, ...], names: tuple[str, ...]) -> Source:
    """The source after its build; the same object for all hosts."""
    return Built(source, commands, names) if commands else source
