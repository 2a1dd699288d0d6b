"""One release: code, dependencies and environment that go live together."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from stack.project.app_server import app_server
from stack.project.interpreter import Interpreter, interpreter_of
from stack.requirements import Requirements, read
from stack.settings import Settings
from stack.source import Completed, Source, built, resolve

FORMAT = 3
"""Goes up when what a release's folder holds changes, so that old ones are not taken for new."""


@dataclass(frozen=True)
class Release:
    """What is to be live on a host. It is the same for every host with the same settings."""

    settings: Settings
    source: Source
    requirements: Requirements
    interpreter: Interpreter

    @cached_property
    def id(self) -> str:
        """The version of the source and a digest of what else the release is made of.

        An environment that changes makes a new release, so that a release, once built, never
        changes, and going back to one goes back to its environment too.
        """
        settings = self.settings
        parts = [
            FORMAT,
            settings.src,
            settings.requirements,
            settings.python,
            settings.shared,
            settings.collectstatic,
            self.requirements.digest,
            _digest_of_secrets(tuple(self.environment.items())),
            *self._further,
        ]
        return f"{self.source.version}-{_digest(json.dumps(parts))[:8]}"

    @property
    def _further(self) -> Iterator[object]:
        """What is part of it where it is not the default: so the IDs of before stay."""
        for name in ("static_url", "media_root", "media_url", "server"):
            value = getattr(self.settings, name)
            if value != Settings.model_fields[name].default:
                yield [name, value]
        if self.interpreter.version:
            yield ["python", self.interpreter.version]
        yield from self._changing_the_source
        for step in ("before_static", "after_static"):
            if commands := self.settings.commands.get(step):
                yield [step, commands]

    @property
    def _changing_the_source(self) -> Iterator[object]:
        if self.settings.build:
            yield ["build", self.settings.build]
        if self.settings.files:
            yield ["files", _digest_of_secrets(tuple(self.files.items()))]

    @property
    def environment(self) -> dict[str, str]:
        """The project's environment in clear text: not for any output."""
        env = self.settings.env
        return {name: env[name].get_secret_value() for name in sorted(env)}

    @property
    def files(self) -> dict[str, str]:
        """What it has besides its source, by paths relative to `src`: not for any output."""
        files = self.settings.files
        return {path: files[path].get_secret_value() for path in sorted(files)}

    def virtualenv(self, python: str) -> str:
        """The name, in ~/.virtualenvs, of the virtualenv that it needs.

        Args:
            python: the version of the host's interpreter, as "3.11", which counts where none is
                brought. Each has its own folders and its own wheels.
        """
        parts: list[object] = [self.requirements.digest, self.settings.python]
        if self.requirements.from_source:
            parts += [*self._changing_the_source]
        key = _digest(json.dumps(parts))
        # A leading dot keeps it out of workon's list; the symlink is what people use.
        return f".{key[:12]}-{self.interpreter.version or python}"


def release_of(settings: Settings) -> Release:
    """The release that the settings declare.

    Raises:
        SourceError: the source, its revision or its dependencies cannot be read.
    """
    source = built(resolve(settings.source, settings.revision), settings.build, settings.build_env)
    requirements = read(
        Completed(source, settings.src, settings.files),
        settings.src,
        settings.requirements,
        settings.extras,
        settings.groups,
        app_server(settings).packages,
    )
    return Release(settings, source, requirements, interpreter_of(settings))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _digest_of_secrets(environment: tuple[tuple[str, str], ...]) -> str:
    """A digest that is slow to guess from: it becomes part of a public name."""
    text = json.dumps(environment).encode()
    return hashlib.scrypt(text, salt=b"release", n=2**13, r=8, p=1).hex() if environment else ""
