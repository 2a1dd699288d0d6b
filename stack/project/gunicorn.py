"""Gunicorn."""

from dataclasses import dataclass

from stack.settings import Settings


@dataclass(frozen=True)
class Gunicorn:
    """Gunicorn, by the article's command line."""

    settings: Settings
    log = "gunicorn.log"
    stop_signal = "TERM"

    @property
    def drain_seconds(self) -> int:
        """A worker that is silent for longer is replaced."""
        return self.settings.timeout_seconds

    def command(self, bind: str, pid_file: str = "") -> list[str]:
        """The article's words, and its address, which is not left to PORT."""
        settings = self.settings
        words = ["gunicorn", "-b", bind, "-w", f"{settings.workers}"]
        words += ["-t", f"{settings.timeout_seconds}"]
        return [*words, *(["-p", pid_file] if pid_file else []), settings.wsgi]
