"""Requirements of whatever form as one form."""

import hashlib
from dataclasses import dataclass
from posixpath import basename, dirname, join

from stack.requirements.errors import RequirementsError
from stack.requirements.including import Files, decoded
from stack.requirements.locating import locate
from stack.requirements.pyproject import dependencies
from stack.requirements.uv_lock import exported
from stack.source import Source


@dataclass(frozen=True)
class Requirements:
    """What a virtualenv is made of.

    text: a requirements file for pip, comments and blank lines left out.
    path: its path from the root of the source; names in it are relative to its folder.
    files: the content of the files that it includes, by path from the root of the source.
    digest: SHA-256 in hexadecimal of all that decides about the virtualenv.
    has_gunicorn: it installs gunicorn (on Linux).
    hashed: it has hashes, so pip refuses whatever has none.
    needs_source: it installs from paths inside the source, so pip needs the source around `path`.
    """

    text: str
    path: str
    files: dict[str, bytes]
    digest: str
    has_gunicorn: bool
    hashed: bool
    needs_source: bool


def read(source: Source, src: str, requirements: str) -> Requirements:
    """The requirements of a project; arguments as in the settings. Raises RequirementsError."""
    path = locate(source, src, requirements)
    content = source.read(path) or b""
    files = Files(source, path, _text(source, path, content))
    written = {inner: _written(lines) for inner, lines in files.lines.items()}
    return Requirements(
        text=written[path].decode(),
        path=path,
        files={inner: content for inner, content in written.items() if inner != path},
        digest=_digest(written, source.version if files.local else ""),
        has_gunicorn="gunicorn" in files.names,
        hashed=any("--hash" in line for lines in files.lines.values() for line in lines),
        needs_source=files.local,
    )


def _text(source: Source, path: str, content: bytes) -> str:
    text = decoded(content, path)
    name = basename(path)
    if name == "pyproject.toml":
        return dependencies(text, path)
    if name == "uv.lock":
        pyproject = source.read(join(dirname(path), "pyproject.toml"))
        if pyproject is None:
            raise RequirementsError(f"{path}: has no pyproject.toml beside it")
        return exported(content, pyproject, path)
    if name.endswith((".lock", ".toml", ".py", ".cfg")) or name == "Pipfile":
        raise RequirementsError(f"{path}: expected a requirements file, pyproject.toml or uv.lock")
    return text


def _written(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _digest(written: dict[str, bytes], version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for path, content in sorted(written.items()):
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
