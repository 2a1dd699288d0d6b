"""Variables that uWSGI would take for options of its own."""

PREFIX = "UWSGI_"
MAY_BE_SET = (
    "UWSGI_EVIL_RELOAD_ON_RSS",
    "UWSGI_HARAKIRI_VERBOSE",
    "UWSGI_MAX_WORKER_LIFETIME",
    "UWSGI_MIN_WORKER_LIFETIME",
    "UWSGI_OFFLOAD_THREADS",
    "UWSGI_RELOAD_ON_RSS",
    "UWSGI_THUNDER_LOCK",
)
"""What neither moves its address, nor takes it away from Supervisor, nor is a setting."""


def is_ours(name: str) -> bool:
    """Whether it is one of which only the deployment decides.

    There are hundreds, and many of them open an address, read a file of options or run a command.
    """
    return name.startswith(PREFIX) and name.upper() not in MAY_BE_SET
