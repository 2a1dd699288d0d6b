"""What is being served, as it was found to be just now."""

from . import app_server, supervisor, visitors
from .health import NGINX, status_at, trouble_at
from .host import Host
from .system import told

SECONDS = 10
"""How long an answer is waited for by a person who has been told of a failure already."""
FOR_NOBODY = 400
"""What Django answers to every visitor when it does not know the site's name."""


def said_of(host: Host) -> str:
    """A line for a person about what visitors get."""
    try:
        return _said_of(host)
    except Exception as error:
        return f"What is being served cannot be told: {told(error)}"


def _said_of(host: Host) -> str:
    release = host.release()
    if not release:
        return f"{host.live} leads to no release; none was live before."
    host.timeout = min(host.timeout, SECONDS)
    where = NGINX if visitors.has_visitors(host) else host.bind
    if where == NGINX:
        host.health_host = visitors.host_now(host)
    leads = f"{host.live} leads to {release}"
    if visitors.with_understudy(host):
        trouble = trouble_at(host, where)
        return f"{leads}; an understudy still has the visitors, and {trouble or 'answers'}."
    if not supervisor.pid():
        return f"{leads}; supervisord does not answer, so what {host.server} runs is not known."
    running = app_server.release_of_process(host)
    if running != release:
        return f"{leads}; {host.server} runs {running or 'no release'}."
    # It may lack the health page that is declared now, and be well.
    status = status_at(host, where)
    if 0 < status < 500 and status != FOR_NOBODY:
        return f"{release} is still being served."
    return f"{leads}; {trouble_at(host, where) or 'it answers again'}."
