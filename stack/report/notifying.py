"""How a run has ended, for the commands of the setting `notify`."""

import atexit
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.state import State, StateStage
from pyinfra.context import ctx_host, ctx_state

from stack.inventory.hosts import names_of
from stack.rollout.looking import said_by
from stack.run.lock import WHO
from stack.run.upstream.plans import operations_of
from stack.settings import Settings
from stack.source.running import CommandError, run

SECONDS = 60
"""How long each command may take."""
LAST_LINES = 5
"""Of what a host says when it fails, and a command of the setting."""

_releases: dict[str, tuple[str, str]] = {}
"""What is to go live, and what that was made from, by the host's name."""


@dataclass(frozen=True)
class Ended:
    """How a run has ended; hosts are known by their names."""

    releases: Sequence[str]
    """What was to go live: one, unless hosts have different settings."""
    revisions: Sequence[str]
    """What those were made from, as far as that is known."""
    hosts: Sequence[str]
    """All that it was over."""
    changed: Sequence[str]
    failed: Sequence[str]
    reason: str
    """What the first that failed said last."""
    is_whole: bool
    """Whether it came to its end."""

    @property
    def result(self) -> str:
        """A word for it; empty when nothing has happened that is worth one."""
        if self.failed:
            return "failed"
        if not self.is_whole:
            return "interrupted"
        return "live" if self.changed else ""


def tell_at_the_end(settings: Settings, release: str, revision: str) -> None:
    """Have the commands of `notify` run when this process ends, however it does.

    Args:
        settings: of the current host.
        release: what is to go live there.
        revision: what it was made from; empty when that is not known.
    """
    if settings.notify and not _releases:
        atexit.register(_tell, settings, ctx_state.get())
    _releases[ctx_host.get().name] = (release, revision)


def environment(ended: Ended, settings: Settings) -> dict[str, str]:
    """What the commands are told, by the name of a variable."""
    return {
        "DEPLOY_RESULT": ended.result,
        "DEPLOY_REASON": ended.reason,
        "DEPLOY_PROJECT": settings.project,
        "DEPLOY_RELEASE": " ".join(ended.releases),
        "DEPLOY_REVISION": " ".join(ended.revisions),
        "DEPLOY_HOSTS": " ".join(ended.hosts),
        "DEPLOY_FAILED_HOSTS": " ".join(ended.failed),
        "DEPLOY_WHO": WHO,
    }


def _tell(settings: Settings, state: State) -> None:
    if not state.is_executing:
        return
    ended = _ended(state)
    if not ended.result:
        return
    variables = {**os.environ, **environment(ended, settings)}
    for command in settings.notify:
        try:
            run(command, Path.cwd(), variables, SECONDS)
        except CommandError as error:
            said = "".join(f"\n  | {line}" for line in error.output.splitlines()[-LAST_LINES:])
            logger.warning(f'notify = "{command}": {error}.{said}')


def _ended(state: State) -> Ended:
    hosts = [one for one in state.inventory if state.is_host_in_limit(one)]
    failed = [one for one in hosts if one in state.failed_hosts or _has(one, state, success=False)]
    return Ended(
        releases=list(dict.fromkeys(release for release, _ in _releases.values())),
        revisions=list(dict.fromkeys(filter(None, (one for _, one in _releases.values())))),
        hosts=names_of(hosts),
        changed=names_of([one for one in hosts if _has(one, state, success=True)]),
        failed=names_of(failed),
        reason="\n".join(said_by(failed[0])[-LAST_LINES:]) if failed else "",
        is_whole=state.current_stage is StateStage.Disconnect,
    )


def _has(one: Host, state: State, *, success: bool) -> bool:
    """Whether some operation has changed the host, or has failed there."""
    metas = (meta for _, meta in operations_of(one, state))
    return any(m.did_change() if success else m.did_error() for m in metas if m.is_complete())
