"""One visitor who comes again and again, and notes when he is turned away."""

import http.client
import json
import threading
from types import TracebackType
from typing import Self

from tests.e2e.http import get
from tests.lab import Host

PAUSE_SECONDS = 0.1


class Poller:
    """Asks for a page that reads the database, if that answers at the start, until the block ends.

    A site that is down at the start may come back at any time, and its failures are no news.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.failed: list[str] = []
        self.sent = 0
        self.releases: list[str] = []
        """Each release that answered, in the order of its first answer."""
        self.was_up = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)

    def __enter__(self) -> Self:
        self.was_up = self._ask() == ""
        if self.was_up:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self.was_up:
            self._thread.join(60)

    def _go(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            self.sent += 1
            if trouble := self._ask():
                self.failed.append(trouble)

    def _ask(self) -> str:
        try:
            answer = get(self.host, "/health")
            if answer.status != 200:
                return f"{answer.status}"
            release = str(json.loads(answer.body)["release"])
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            return f"{type(error).__name__}: {error}"
        if release not in self.releases:
            self.releases.append(release)
        return ""
