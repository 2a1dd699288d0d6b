"""What `--diff` shows of files that will be written."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pyinfra import host, logger, state
from pyinfra.facts.files import FileContents

from stack.host.files import Declared, File, in_the_way
from stack.host.observation import Entry, Observation
from stack.run.upstream.output import lines_of_diff


def show(files: Sequence[Declared], entries: Mapping[str, Entry]) -> None:
    """Tell what will be put aside; with `--diff`, print how each text file will differ."""
    if state.is_executing:
        return
    tell_put_aside(in_the_way(files, entries))
    if not state.config.DIFF:
        return
    for file in files:
        if isinstance(file, File):
            entry = entries.get(file.path)
            old = entry is not None and entry.kind == "file"
            if file.secret:
                host.log(f"Will {'change' if old else 'create'} {file.path}, which is secret")
                continue
            before = host.get_fact(FileContents, path=file.path) if old else []
            show_text(file.path, before or [], file.content)


def tell_put_aside(paths: Sequence[str]) -> None:
    """Tell it in the plan."""
    if paths and not state.is_executing:
        host.log(f"Will be put aside: {'; '.join(paths)}")


def tell_kept_beside(seen: Observation, links: Sequence[PurePosixPath]) -> None:
    """Tell, in the plan and in the run, what of the user's stands where links of his belong."""
    paths = [
        f"{path}, as {path.name}.replaced-TIME beside it"
        for path in links
        if (entry := seen.entries.get(str(path))) and entry.kind != "link"
    ]
    if paths:
        host.log(f"{'Is' if state.is_executing else 'Will be'} put aside: {'; '.join(paths)}")


def show_text(path: str, before: list[str], after: str) -> None:
    """Print how one text will differ; for text without secrets, or with these masked."""
    if not state.config.DIFF or state.is_executing:
        return
    host.log(f"Will {'change' if before else 'create'} {path}")
    for line in lines_of_diff(before, after.splitlines()):
        logger.info(f"  {line}")
