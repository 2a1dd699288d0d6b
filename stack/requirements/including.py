"""A requirements file with all that it includes."""

import re
from posixpath import dirname, join, normpath

from stack.requirements.decoding import decoded
from stack.requirements.errors import RequirementsError
from stack.requirements.lines import (
    MOST_NESTED,
    Include,
    include_in,
    is_editable,
    local_path,
    name_in,
    numbered_lines,
)
from stack.source import Source

VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")
"""As pip has it."""


class Files:
    """The lines of a requirements file and of those it includes, by path from the source's root.

    Raises RequirementsError, with the path of the file that is at fault.
    """

    def __init__(self, source: Source, path: str, text: str) -> None:
        self._source = source
        self._started_in = dirname(path)
        self.lines: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.constraints: dict[str, str] = {}
        """Lines by the names that they constrain."""
        self.constraining: set[str] = set()
        """Paths of files that install nothing."""
        self.variables: dict[str, str] = {}
        """Where each variable is asked for first, by its name, as `path:line`."""
        self.local = False
        self._add(path, text, constraints=False, above=0)

    def _add(self, path: str, text: str, *, constraints: bool, above: int) -> None:
        if above > MOST_NESTED:
            raise RequirementsError(f"{path}: expected {MOST_NESTED} in one another at most")
        numbered = list(numbered_lines(text))
        self.lines[path] = [line for _, line in numbered]
        if constraints:
            self.constraining.add(path)
        for number, line in numbered:
            for name in VARIABLE.findall(line):
                self.variables.setdefault(name, f"{path}:{number}")
            include = include_in(line)
            if include:
                self._include(path, line, include, constraints, above)
                continue
            self._check(path, line)
            name = self._name(path, line)
            if name and constraints:
                self.constraints[name] = line
            elif name:
                self.names.add(name)

    def _include(
        self, path: str, line: str, include: Include, constraints: bool, above: int
    ) -> None:
        inner = normpath(join(dirname(path), include.path))
        content = None if "://" in include.path else self._source.read(inner)
        if content is None:
            raise RequirementsError(f"{path}: {line}: expected a file inside the source")
        if inner not in self.lines:
            constraints = constraints or include.constraints
            self._add(inner, decoded(content, inner), constraints=constraints, above=above + 1)

    def _check(self, path: str, line: str) -> None:
        if is_editable(line):
            raise RequirementsError(
                f"{path}: {line}: is editable, and a release never changes; "
                "expected the same without -e"
            )
        local = local_path(line)
        if local is None:
            return
        self.local = True
        # Where pip is started is where paths begin; those of its options, where the file is.
        folder = dirname(path) if line.startswith("-") else self._started_in
        if not local.startswith("/") and not self._source.exists(join(folder, local)):
            raise RequirementsError(f"{path}: {line}: there is no such path in the source")

    def _name(self, path: str, line: str) -> str | None:
        try:
            return name_in(line)
        except ValueError as error:
            raise RequirementsError(f"{path}: {error}: expected a requirement") from None
