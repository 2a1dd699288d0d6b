"""Settings of how the app is run, against each other."""

from collections.abc import Iterator, Mapping

from stack.settings.model import Settings
from stack.settings.problem import Problem, shown
from stack.settings.uwsgi import MAY_BE_SET, is_ours

OF_WSGI = ("sync", "gthread", "gevent", "eventlet", "tornado")
"""Gunicorn's own kinds of workers that know nothing of ASGI."""


def server_problems(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Settings of how the app is run that contradict each other."""
    for host, its in settings.items():
        if its.program in its.programs:
            text = f'programs["{its.program}"]: is the site\'s own program; expected another name'
            yield Problem("programs", text, (host,))
        if its.server == "uwsgi":
            yield from _of_uwsgi(host, its)
            continue
        if its.asgi and "wsgi" in its.model_fields_set:
            text = f"asgi = {shown(its.asgi)}: asgi and wsgi are both set; set only one"
            yield Problem("asgi", text, (host,))
        kind = f"worker_class = {shown(its.worker_class)}"
        if its.asgi and its.worker_class in OF_WSGI:
            text = f"{kind}: cannot run an ASGI application, but asgi is set; leave it out"
            yield Problem("worker_class", text, (host,))
        if not its.asgi and its.worker_class == "asgi":
            text = f"{kind}: expected the setting asgi, with the module to run"
            yield Problem("worker_class", text, (host,))
        if its.threads > 1 and (its.asgi or its.worker_class not in ("", "sync", "gthread")):
            text = f"threads = {its.threads}: only workers of the class gthread have threads"
            yield Problem("threads", text, (host,))


def _of_uwsgi(host: str, its: Settings) -> Iterator[Problem]:
    gunicorns = [name for name in ("asgi", "worker_class") if getattr(its, name)]
    if gunicorns:
        named = " and ".join(f"{name} = {shown(getattr(its, name))}" for name in gunicorns)
        text = f'server = "uwsgi": runs WSGI applications in its own way, but {named} is set; '
        yield Problem("server", f'{text}set server = "gunicorn", or leave it out', (host,))
    for name in filter(is_ours, its.env):
        text = (
            f'env["{name}"]: is an option of uWSGI that the deployment sets; expected another '
            f"name, or one of {', '.join(MAY_BE_SET)}"
        )
        yield Problem("env", text, (host,))
