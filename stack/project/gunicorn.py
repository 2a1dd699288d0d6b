"""Gunicorn."""

from dataclasses import dataclass
from ipaddress import ip_address

from stack.settings import Settings

UVICORN = "uvicorn_worker.UvicornWorker"
LAST_SECONDS = 5
"""How long WebSockets have when it ends: Nginx has waited for their visitors before that."""


@dataclass(frozen=True)
class Gunicorn:
    """Gunicorn, by the article's command line."""

    settings: Settings
    name = "Gunicorn"
    log = "gunicorn.log"
    stop_signal = "TERM"

    @property
    def packages(self) -> tuple[str, ...]:
        """Gunicorn's own worker for ASGI cuts WebSockets off as it ends; uvicorn's closes them."""
        is_uvicorn = self.settings.asgi and not self.settings.worker_class
        return ("gunicorn", *(("uvicorn-worker", "websockets") if is_uvicorn else ()))

    @property
    def drain_seconds(self) -> int:
        """A worker that is silent for longer is replaced."""
        return self.settings.timeout_seconds

    @property
    def holds_connections(self) -> bool:
        """WebSockets stay open for as long as their visitors do."""
        return bool(self.settings.asgi)

    def command(self, bind: str, pid_file: str = "") -> list[str]:
        """The article's words, and its address, which is not left to PORT."""
        settings = self.settings
        words = ["gunicorn", "-b", bind, "-w", f"{settings.workers}"]
        words += ["-t", f"{settings.timeout_seconds}"]
        if worker_class := settings.worker_class or (settings.asgi and UVICORN):
            words += ["-k", worker_class]
        for option in ("threads", "max_requests", "max_requests_jitter"):
            if (value := getattr(settings, option)) != Settings.model_fields[option].default:
                words += [f"--{option.replace('_', '-')}", f"{value}"]
        if settings.asgi:
            words += ["--graceful-timeout", f"{LAST_SECONDS}"]
        if trusted := _nginx_elsewhere(settings.bind) or (settings.asgi and "*"):
            words += ["--forwarded-allow-ips", trusted]
        return [*words, *(["-p", pid_file] if pid_file else []), settings.asgi or settings.wsgi]


def _nginx_elsewhere(bind: str) -> str:
    """From where Nginx comes to Gunicorn, where that is no address that Gunicorn trusts anyway.

    It trusts the host itself. Over a socket, uvicorn only trusts everybody: which is the same.
    """
    host = bind.rpartition(":")[0].strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        return ""  # a socket, or localhost
    return "" if address.is_loopback or address.is_unspecified else str(address)
