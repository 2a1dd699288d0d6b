"""Taking a project away from a host."""

from collections.abc import Iterable, Iterator, Sequence

from pyinfra.api import StringCommand

from stack import onhost
from stack.commands.lock import CERTBOT, FOLDER, alone_on_host, where_nobody_asks
from stack.commands.release import removed_from_home
from stack.project.layout import FOLDERS, Layout
from stack.project.leaving import (
    LETS_ENCRYPT,
    ORIGINALS,
    SHARED,
    SUPERVISOR,
    Belongings,
    original,
)
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD, SUPERVISOR_OUTLASTS
from stack.shell.account import MOMENT, as_user
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script
from stack.state.account_before import Account
from stack.state.services import SOCKET

VISITORS_SECONDS = 60
"""How long visitors have for what they have asked for; a release gives them as long."""
GONE_SECONDS = 60
"""How long a run waits for what goes, so that it is not there any more in the next plan."""

KEEP_ORIGINALS = script(__file__, "keep_originals.sh")
LEAVE_NGINX = script(__file__, "leave_nginx.sh", "reload_nginx.sh")
LEAVE_SUPERVISOR = script(
    __file__,
    *("leave_supervisor.sh", "keep_to_root.sh", "let_reload.sh", "let_end.sh", "forget_program.sh"),
)
GIVE_BACK_SUPERVISOR = script(__file__, "give_back_supervisor.sh", "let_reload.sh")
LEAVE_CERTIFICATES = script(__file__, "leave_certificates.sh")
LEAVE_HOME = script(__file__, "leave_home.sh")
LEAVE_USER = script(
    __file__,
    "leave_user.sh",
    *("end_all_of.sh", "shared_memory.sh", "numbers.sh", "clear_away.sh"),
)
GIVE_BACK_USER = script(__file__, "give_back_user.sh", "set_home.sh", "clear_away.sh")
THIN_RELEASE = script(__file__, "thin_release.sh", "clear_away.sh")
END_UNITS = script(__file__, "end_units.sh")
REMOVE_PATHS = script(__file__, "remove_paths.sh", "clear_away.sh")


def keep_originals() -> StringCommand:
    """Keep what the first project is about to replace."""
    return alone_on_host(as_root(KEEP_ORIGINALS, ORIGINALS, *SHARED))


def nginx(layout: Layout, removed: Iterable[str], restored: Iterable[str]) -> StringCommand:
    """Have Nginx serve without some files, and with others as they were before us."""
    return alone_on_host(_nginx(layout, removed, restored))


def give_back_nginx(
    layout: Layout, removed: Iterable[str], restored: Iterable[str]
) -> StringCommand:
    """The same of what projects share, once none is there."""
    return _where_nobody_is(layout, _nginx(layout, removed, restored))


def _where_nobody_is(layout: Layout, command: StringCommand) -> StringCommand:
    return where_nobody_asks("", layout, command)


def _nginx(layout: Layout, removed: Iterable[str], restored: Iterable[str]) -> StringCommand:
    words = [word for path in removed for word in ("remove", path)]
    words += [word for path in restored for word in ("restore", path)]
    copies = f"{FOLDER}/{layout.user}-leaving"
    return as_root(LEAVE_NGINX, str(VISITORS_SECONDS), ORIGINALS, copies, *words)


def programs(files: Iterable[str]) -> StringCommand:
    """Have Supervisor forget the programs of some files."""
    words = (SOCKET, onhost.script("disconnect"), *files)
    return alone_on_host(telling(as_root(LEAVE_SUPERVISOR, *words)))


def give_back_supervisor(layout: Layout) -> StringCommand:
    """Have supervisord as it was before the first project, unless another one is there."""
    ours = (CLOSED_SOCKET.path, FORMER_GUARD, SUPERVISOR_OUTLASTS.path)
    words = (SUPERVISOR, original(SUPERVISOR), SOCKET, *ours)
    return _where_nobody_is(layout, telling(as_root(GIVE_BACK_SUPERVISOR, *words)))


def forget_originals(layout: Layout) -> StringCommand:
    """Keep no longer what the first project has replaced, unless another one is there."""
    return _where_nobody_is(layout, files([ORIGINALS]))


def end(units: Iterable[str]) -> StringCommand:
    """Stop systemd units."""
    return as_root(END_UNITS, *units)


def certificates(its: Belongings, paths: Sequence[str]) -> StringCommand:
    """Forget a certificate, and its account where what certbot renews it by goes too.

    Not while certbot gets another project one from that account.
    """
    its_renewal = str(its.layout.renewal)
    renewal = its_renewal if its_renewal in paths else ""
    leaving = as_root(LEAVE_CERTIFICATES, LETS_ENCRYPT, renewal, *paths)
    return alone_on_host(leaving, lock=CERTBOT)


def files(paths: Iterable[str]) -> StringCommand:
    """Remove files and folders of root's."""
    return telling(as_root(REMOVE_PATHS, *paths))


def home(layout: Layout, going: Sequence[str], thinned: Sequence[str]) -> Iterator[StringCommand]:
    """Remove what deployments have put into the home.

    Args:
        going: paths from the home.
        thinned: those of releases that stay with nothing but their dumps.
    """
    if thinned:
        words = (str(layout.home), str(layout.home_gone), str(GONE_SECONDS))
        yield telling(as_root(THIN_RELEASE, *words, stdin=thinned))
    folders: dict[str, list[str]] = {}
    for path in going:
        parent, _, name = path.rpartition("/")
        folders.setdefault(parent, []).append(name)
    own = [name for name in folders.pop("", []) if name not in FOLDERS]
    if whole := [f"./{name}" for name in FOLDERS if name in going]:
        yield removed_from_home(layout, "", whole, GONE_SECONDS)
    for parent, names in folders.items():
        yield removed_from_home(layout, parent, [f"./{name}" for name in names], GONE_SECONDS)
    yield as_user(layout, LEAVE_HOME, str(layout.home), *own, seconds=MOMENT)


def give_back_user(
    layout: Layout, before: Account, groups: Iterable[str], with_home: bool, with_log_group: bool
) -> StringCommand:
    """Have an account as it was before the first deployment.

    Args:
        groups: the extra ones that it is to have.
        with_home: whether the home goes that it has had with the project.
        with_log_group: whether the group of the logs goes.
    """
    its = before.user
    return telling(
        as_root(
            GIVE_BACK_USER,
            *(layout.user, its.home),
            str(layout.home),
            *((before.mode, before.group) if before.has_projects_home else ("", "")),
            "goes" if with_home else "",
            str(layout.home_gone),
            layout.log_group if with_log_group else "",
            *(str(layout.logs), its.shell, its.group, *groups),
        )
    )


def user(layout: Layout, with_home: bool, besides: Iterable[str]) -> StringCommand:
    """End the user's processes, and remove his groups, or his account.

    Args:
        with_home: whether the account goes, with its home.
        besides: what else of his goes then, outside of his home.
    """
    gone = str(layout.home) if with_home else ""
    words = (layout.user, layout.log_group, str(layout.logs), gone, str(layout.home_gone))
    return telling(as_root(LEAVE_USER, *words, onhost.script("readers"), *besides))
