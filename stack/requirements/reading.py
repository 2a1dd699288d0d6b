"""Requirements of any form, in one form."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import basename, dirname, join, normpath, relpath

from stack.requirements.added import lines_to_add
from stack.requirements.decoding import decoded, decoded_toml
from stack.requirements.errors import RequirementsError
from stack.requirements.including import Files
from stack.requirements.lines import has_no_hash, is_for_hosts, is_option
from stack.requirements.locating import EXPORTS, PYPROJECT, exporting, locate
from stack.requirements.pyproject import Wanted, dependencies, refuse_unknown, requires_python
from stack.requirements.uv_lock import Member, exported, member_with
from stack.source import Source

MADE = ("pyproject.toml", "uv.lock")
"""Of these another text is made, whose lines have other numbers."""


@dataclass(frozen=True)
class Requirements:
    """What a virtualenv is made of.

    text: a requirements file for pip, comments and blank lines left out, what runs the app added.
    unhashed: another one, of what has no hash where `text` has them; it names no dependencies.
    added: the same of what a lock lacks, which is complete by itself and has none of it in `text`.
    is_lock: `text` names all that is installed, and pip has nothing to resolve.
    path: its path from the root of the source; names in it are relative to its folder.
    from_source: some of it is the source's own, as the build and the setting `files` leave it.
    files: the content of the files that it includes, by path from the root of the source.
    digest: SHA-256 in hexadecimal of all that decides about the virtualenv.
    variables: where each environment variable that pip puts in for ${NAME} is asked for first, as
        `path:line`, by its name.
    pyproject: the path of the pyproject.toml beside it, or that of the workspace's member.
    requires_python: what that says, such as ">=3.12"; else empty.
    """

    text: str
    path: str
    files: dict[str, bytes]
    digest: str
    variables: Mapping[str, str]
    pyproject: str = ""
    requires_python: str = ""
    is_lock: bool = False
    added: str = ""
    unhashed: str = ""
    from_source: bool = False


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
    is_lock = basename(path) == "uv.lock"
    member = member_with(relpath(src, dirname(path) or "."), content) if is_lock else None
    files = Files(source, path, _text(source, path, content, wanted, member))
    hashed = any("--hash" in line for lines in files.lines.values() for line in lines)
    hashed |= any(line.startswith("--require-hashes") for line in files.lines[path])
    its, pyproject = _project(source, path, member)
    added = lines_to_add(servers, files.names, files.constraints, hashed=hashed)
    lines, unhashed = _apart(files, path) if hashed else (files.lines[path], [])
    text = lines if is_lock else lines + added
    files.lines[path] = files.lines[path] + added
    written = {inner: _written(lines) for inner, lines in files.lines.items()}
    return Requirements(
        text=_written(text).decode(),
        path=path,
        files={inner: content for inner, content in written.items() if inner != path},
        digest=_digest(written, source.version if files.local else ""),
        variables=_places(files.variables, path),
        pyproject=its,
        requires_python=requires_python(pyproject.decode(errors="replace")),
        is_lock=is_lock,
        added=_written(added).decode() if is_lock else "",
        unhashed=_written(unhashed).decode(),
        from_source=files.local,
    )


def _apart(files: Files, path: str) -> tuple[list[str], list[str]]:
    """The lines for a call of pip that wants hashes, and those for one that wants none.

    The other one gets what says where packages are, too: a folder is built with some.
    """
    for inner in files.lines:
        if inner in {path, *files.constraining}:
            continue
        its = filter(is_for_hosts, files.lines[inner])
        if line := next(filter(has_no_hash, its), None):
            raise RequirementsError(
                f"{inner}: {line}: has no hash, and others have; expected it in {path}"
            )
    without = [line for line in files.lines[path] if has_no_hash(line)]
    if not without:
        return files.lines[path], []
    where = [line for line in files.lines[path] if is_option(line)]
    return [line for line in files.lines[path] if line not in without], where + without


def _project(source: Source, path: str, member: Member | None) -> tuple[str, bytes]:
    """The pyproject.toml of what is installed from a file: its path, and its content, if any."""
    its = normpath(join(dirname(path), member.folder if member else "", PYPROJECT))
    return its, source.read(its) or b""


def _above(source: Source, path: str) -> dict[str, bytes]:
    """Each pyproject.toml above that one, by the folder that it is in from there."""
    folders = map(str, PurePosixPath(dirname(path)).parents) if dirname(path) else ()
    read = {folder: source.read(normpath(join(folder, PYPROJECT))) for folder in folders}
    return {relpath(dirname(path), folder): text for folder, text in read.items() if text}


def _text(source: Source, path: str, content: bytes, wanted: Wanted, member: Member | None) -> str:
    name = basename(path)
    if name == "pyproject.toml":
        return dependencies(decoded_toml(content, path), path, wanted, _above(source, path))
    if name == "uv.lock":
        root = source.read(join(dirname(path), PYPROJECT))
        if root is None:
            raise RequirementsError(f"{path}: has no pyproject.toml beside it")
        its, pyproject = _project(source, path, member)
        refuse_unknown(decoded_toml(pyproject, its), its, wanted)
        return exported(content, root, path, wanted, (member, pyproject) if member else None)
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
