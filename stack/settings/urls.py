"""What Nginx serves by itself: static files and uploads, each with a URL of its own."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from stack.settings.model import Settings
from stack.settings.problem import Problem, shown


def url_problems(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Uploads that cannot be told from something else."""
    for host, its in settings.items():
        if not its.media_root:
            continue
        one, other = its.static_url, its.media_url
        if one.startswith(other) or other.startswith(one):
            text = f"media_url = {shown(other)}: overlaps static_url, {shown(one)}"
            yield Problem("media_url", f"{text}; expected another path", (host,))
        media = PurePosixPath(its.media_root)
        for path in its.shared:
            if media in PurePosixPath(path).parents:
                text = f"media_root = {shown(its.media_root)}: holds {path} of shared"
                yield Problem("media_root", f"{text}, which everybody could read", (host,))
