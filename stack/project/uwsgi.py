"""uWSGI."""

from dataclasses import dataclass

from stack.settings import Settings

LARGEST_HEADERS = 65535
"""Bytes, the most that it has: Nginx hands on 32 kB, and uWSGI leaves out what has no room."""
IN_MEMORY = 65536
"""How much of a request's body; the rest is on disk until the app reads it."""
WAITING = 1024
"""Visitors in line. Of its own 100, more at once over a socket would be turned away."""


@dataclass(frozen=True)
class Uwsgi:
    """uWSGI, told to behave as Gunicorn does.

    It speaks HTTP, so that Nginx and all that asks for pages have one way to either server.
    """

    settings: Settings
    name = "uWSGI"
    log = "uwsgi.log"
    stop_signal = "TERM"
    packages = ("uwsgi",)
    holds_connections = False

    @property
    def drain_seconds(self) -> int:
        """A process without threads whose request takes longer is replaced."""
        return self.settings.timeout_seconds

    def command(self, bind: str, pid_file: str = "") -> list[str]:
        """All of its options: it reads no file, and so needs no pid file of its own.

        What it finds in $(…) is of its environment, so that each release has its own.
        """
        settings = self.settings
        seconds = f"{settings.timeout_seconds}"
        address = "{socket}" if bind == "{bind}" else bind.removeprefix("unix:")
        words = ["uwsgi", "--http-socket", address, "--chmod-socket=666", "--vacuum"]
        words += ["--listen", f"{WAITING}", "--buffer-size", f"{LARGEST_HEADERS}"]
        # A body that nobody has read breaks the connection that the answer goes out on.
        words += ["--post-buffering", f"{IN_MEMORY}"]
        words += ["--master", "--processes", f"{settings.workers}"]
        # Its workers end with it, or they would hold its address against the next one.
        words += ["--no-orphans", "--socket-timeout", seconds]
        if settings.threads == 1:
            # With threads it strikes after seconds where it is told a minute, and ends what all
            # other threads of the process are answering.
            words += ["--harakiri", seconds]
        # TERM has it start anew; its function for HUP ends requests first, and then it exits.
        words += ["--hook-master-start", "unix_signal:15 grace_them_all", "--exit-on-reload"]
        words += ["--worker-reload-mercy", seconds, "--disable-logging"]
        # By itself it would name itself as Python, and would use the symlink that a switch moves.
        # A word that began with it would be systemd's to expand.
        words += ["--virtualenv=$(VIRTUAL_ENV)"]
        words += ["--py-sys-executable=$(VIRTUAL_ENV)/bin/python"]
        # Every process loads the app by itself, in the one interpreter, and may have threads.
        words += ["--need-app", "--lazy-apps", "--single-interpreter", "--enable-threads"]
        # It would send an open file from its start, wherever the app has read to.
        words += ["--wsgi-disable-file-wrapper"]
        if settings.threads > 1:
            words += ["--threads", f"{settings.threads}"]
        if settings.max_requests:
            words += ["--max-requests", f"{settings.max_requests}"]
        if settings.max_requests_jitter and settings.workers > 1:
            # So much for each process after the first, which comes to no more than the setting.
            delta = settings.max_requests_jitter // (settings.workers - 1)
            words += ["--max-requests-delta", f"{max(1, delta)}"]
        return [*words, "--module", settings.wsgi]
