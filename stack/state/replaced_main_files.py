"""What goes with the main files of Nginx and Supervisor that the current host has.

Ours replace them whole. What they have of their own is read; of what other files need of them,
Nginx is asked.
"""

from collections.abc import Iterator, Sequence

from pyinfra import host
from pyinfra.facts.files import FileContents

from stack.facts.unread import UnreadByNginx
from stack.host.files import Declared, File
from stack.project.target import Target
from stack.state import conflicts
from stack.state.main_files import NGINX, SUPERVISOR, ended_in_nginx, ended_in_supervisor
from stack.state.nginx_errors import MODULES, how_to_do_without, named_in
from stack.state.reading import observe


def ends_in_nginx(target: Target, files: Sequence[Declared]) -> Iterator[str]:
    """What Nginx would no longer serve, for a person, a line for each reason.

    Args:
        target: what the host is to be.
        files: what is declared of Nginx.
    """
    ours = _to_be_replaced(target, files, NGINX)
    if not ours:
        return
    if problem := ended_in_nginx(_text(NGINX)):
        yield problem
    seen = observe(target)
    without = [*conflicts.of_nginx(seen, files), *(file.path for file in target.files.all)]
    told = host.get_fact(
        UnreadByNginx,
        text=ours.content,
        without=[path for path in without if path.startswith("/etc/nginx/") and path != NGINX],
    )
    if not told:
        return
    for path, is_nowhere in named_in("\n".join(told)):
        if is_nowhere or path.startswith(MODULES):
            yield (
                f"Nginx could not read {path}, which the new {NGINX} includes; "
                f"{how_to_do_without(path)}. It says: {'; '.join(told)}."
            )
            return
    yield (
        f"{NGINX} would be overwritten, and contains what other files of Nginx need: "
        f"{'; '.join(told)}. Move what they need to /etc/nginx/conf.d/own.conf (log_format, map, "
        "upstream and the like), or to /etc/nginx/modules-enabled/own.conf (load_module)."
    )


def ends_in_supervisor(target: Target) -> str:
    """What Supervisor would no longer run, for a person; empty when nothing."""
    if not _to_be_replaced(target, target.files.supervisor, SUPERVISOR):
        return ""
    return ended_in_supervisor(_text(SUPERVISOR))


def _to_be_replaced(target: Target, files: Sequence[Declared], path: str) -> File | None:
    """Our file, where the host has another one in its place."""
    entry = observe(target).entries.get(path)
    ours = next((one for one in files if isinstance(one, File) and one.path == path), None)
    return ours if ours and entry and not ours.is_in_place(entry) else None


def _text(path: str) -> str:
    return "\n".join(host.get_fact(FileContents, path=path) or [])
