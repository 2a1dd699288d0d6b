"""What runs it: the app server, and what runs beside it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from stack.settings.check import Check, at_least
from stack.settings.model.part import Part
from stack.settings.names import ASGI, PROGRAM, WORKER_CLASS, WSGI
from stack.settings.network import BIND, HEALTH_PATH
from stack.settings.programs import Programs
from stack.settings.schedules import Schedules


def _default_wsgi(values: dict[str, Any]) -> str:
    # pydantic before 2.12 asks for it even when the project was refused.
    return f"{values.get('project', 'project')}.wsgi"


class AppSettings(Part, frozen=True):
    """The descriptions are those of docs/settings.md."""

    wsgi: Annotated[str, WSGI] = Field(
        default_factory=_default_wsgi, description="WSGI module, or module:callable"
    )
    asgi: Annotated[str, ASGI] = Field(
        "",
        description="ASGI module, or module:callable, in place of `wsgi`: it gets WebSockets too; "
        "uvicorn-worker is added if absent",
    )
    server: Annotated[Literal["gunicorn", "uwsgi"], Check('"gunicorn" or "uwsgi"')] = Field(
        "gunicorn",
        description='what runs the app: "gunicorn", or "uwsgi", which is compiled on the host',
    )
    program: Annotated[str, PROGRAM] = Field("django", description="Supervisor program name")
    bind: Annotated[str, BIND] = Field(
        "127.0.0.1:8000",
        description='where the app server listens: ADDRESS:PORT or "unix:/path", in a folder where '
        "the project's user may create it and Nginx may pass through, such as the user's home",
    )
    workers: Annotated[int, at_least(1)] = Field(3, description="the app server's processes (`-w`)")
    timeout_seconds: Annotated[int, at_least(1)] = Field(
        60, description="a process that does not respond for longer is replaced (`-t`)"
    )
    worker_class: Annotated[str, WORKER_CLASS] = Field(
        "",
        description='gunicorn\'s kind of worker (`-k`): "gthread", "gevent" …; by default '
        '"sync", and with `asgi` uvicorn\'s',
    )
    threads: Annotated[int, at_least(1)] = Field(1, description="threads of each process")
    max_requests: Annotated[int, at_least(0)] = Field(
        0, description="a process is replaced after this many requests; 0 means never"
    )
    max_requests_jitter: Annotated[int, at_least(0)] = Field(
        0, description="up to this many more, at random, so that not all are replaced at once"
    )
    health_path: Annotated[str, HEALTH_PATH] = Field(
        "/",
        description="a page that answers 2xx with the first `server_name` as Host; redirects to "
        "the same page, to https or with a slash added, are followed, and from `/` to any page of "
        "the site",
    )
    programs: Programs = Field(
        {},
        description="what Supervisor runs beside the site, with the same code, environment and "
        'user, by name: `{"worker": "celery -A fooproject worker"}`; for more options, '
        '`{"command": …, "stop_seconds": 60}` in place of the command',
    )
    schedules: Schedules = Field(
        {},
        description="commands that run at set times, by name: "
        '`{"clearsessions": {"command": "manage.py clearsessions", "when": "daily"}}`; with '
        '`"hosts": "each"` on each app host, else on the inventory\'s first',
    )
