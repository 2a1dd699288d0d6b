"""Requirements of any form, in one form."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, join

from stack.requirements.added import lines_to_add
from stack.requirements.decoding import decoded, decoded_toml
from stack.requirements.errors import RequirementsError
from stack.requirements.including import Files
from stack.requirements.locating import EXPORTS, exporting, locate
from stack.requirements.pyproject import Wanted, dependencies, refuse_unknown, requires_python
from stack.requirements.uv_lock import exported
from stack.source import Source

MADE = ("pyproject.toml", "uv.lock")
"""Of these another text is made, whose lines have other numbers."""


@dataclass(frozen=True)
class Requirements:
    """What a virtualenv is made of.

    text: a requirements file for pip, comments and blank lines left out, what runs the app added.
    added: the same of what a lock lacks, which is complete by itself and has none of it in `text`.
    is_lock: `text` names all that is installed, and pip has nothing to resolve.
    path: its path from the root of the source; names in it are relative to its folder.
    files: the content of the files that it includes, by path from the root of the source.
    digest: SHA-256 in hexadecimal of all that decides about the virtualenv.
    variables: where each environment variable that pip puts in for ${NAME} is asked for first, as
        `path:line`, by its name.
    requires_python: what the pyproject.toml beside it says, such as ">=3.12"; else empty.
    """

    text: str
    path: str
    files: dict[str, bytes]
    digest: str
    variables: Mapping[str, str]
    requires_python: str = ""
    is_lock: bool = False
    added: str = ""


def read(
    source: Source,
    src: str,
    requirements: str,
    extras: Collection[str] = (),
    groups: Collection[str] = (),
    servers: Collection[str] = ("gunicorn",),
) -> Requirements:
    """The requirements of a project. Raises RequirementsError.

    Args:
        servers: packages of what runs the app, which are added if absent; the others are as in the
            settings.
    """
    path = locate(source, src, requirements)
    content = source.read(path) or b""
    wanted = Wanted(tuple(extras), tuple(groups))
    files = Files(source, path, _text(source, path, content, wanted))
    hashed = any("--hash" in line for lines in files.lines.values() for line in lines)
    hashed |= any(line.startswith("--require-hashes") for line in files.lines[path])
    is_lock = basename(path) == "uv.lock"
    added = lines_to_add(servers, files.names, files.constraints, hashed=hashed)
    text = files.lines[path] if is_lock else files.lines[path] + added
    files.lines[path] = files.lines[path] + added
    written = {inner: _written(lines) for inner, lines in files.lines.items()}
    return Requirements(
        text=_written(text).decode(),
        path=path,
        files={inner: content for inner, content in written.items() if inner != path},
        digest=_digest(written, source.version if files.local else ""),
        variables=_places(files.variables, path),
        requires_python=requires_python(_beside(source, path)),
        is_lock=is_lock,
        added=_written(added).decode() if is_lock else "",
    )


def _beside(source: Source, path: str) -> str:
    content = source.read(join(dirname(path), "pyproject.toml")) or b""
    return content.decode(errors="replace")


def _text(source: Source, path: str, content: bytes, wanted: Wanted) -> str:
    name = basename(path)
    if name == "pyproject.toml":
        return dependencies(decoded_toml(content, path), path, wanted)
    if name == "uv.lock":
        pyproject = source.read(join(dirname(path), "pyproject.toml"))
        if pyproject is None:
            raise RequirementsError(f"{path}: has no pyproject.toml beside it")
        beside = join(dirname(path), "pyproject.toml")
        refuse_unknown(decoded_toml(pyproject, beside), beside, wanted)
        return exported(content, pyproject, path, wanted)
    if name in EXPORTS:
        raise RequirementsError(f"{path}: cannot be read here; {exporting(name)}")
    if name.endswith((".lock", ".toml", ".py", ".cfg")):
        raise RequirementsError(f"{path}: expected a requirements file, pyproject.toml or uv.lock")
    for setting in ("extras", "groups"):
        if getattr(wanted, setting):
            raise RequirementsError(
                f"{path}: has no {setting}; expected a pyproject.toml or uv.lock as requirements",
                setting,
            )
    return decoded(content, path)


def _places(variables: Mapping[str, str], path: str) -> dict[str, str]:
    is_made = basename(path) in MADE
    its = {name: path if is_made else place for name, place in variables.items()}
    return dict(sorted(its.items()))


def _written(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _digest(written: dict[str, bytes], version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for path, content in sorted(written.items()):
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
