"""Where Nginx sends the visitors."""

import re
from collections.abc import Collection
from pathlib import Path

from .host import Host
from .locks import shared
from .system import SwitchError, call, children, is_active, must, run, say, wait, write

DRAIN_SECONDS = 60
"""How long the old workers of Nginx may take at least to finish what their visitors wait for."""
STOP_WAIT = re.compile(r"^stopwaitsecs=([0-9]+)$", re.MULTILINE)
"""In the program's file: as long as a request may take, and a little."""
STOP_MARGIN_SECONDS = 5
"""How much longer than a request may take Supervisor waits before it kills."""

PROXY_PASS = re.compile(r"proxy_pass ([^;]*);")
"""That by which a site sends its visitors on, and where to."""
SERVER_NAME = re.compile(r"^ *server_name ([^;]*);", re.MULTILINE)
CERTIFICATE = re.compile(r"^ *ssl_certificate ", re.MULTILINE)
PLAIN_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Neither a pattern nor an expression."""


def has_visitors(host: Host) -> bool:
    """Whether Nginx runs, and serves this project's site."""
    return (
        is_active("nginx")
        and host.site_file.is_file()
        and PROXY_PASS.search(host.site_file.read_text()) is not None
    )


def bind_now(host: Host) -> str:
    """Gunicorn's address as the site's file has it, in the form of the setting `bind`.

    Where that has a name in its place, it is the declared one: of an understudy, with which a run
    that was cut may have left visitors, of a balancer's app hosts, or of an upstream of a person's.
    """
    found = PROXY_PASS.search(host.site_file.read_text())
    address = found[1] if found else ""
    # Earlier versions wrote it with a path: http://ADDRESS/ and http://unix:/PATH:/
    address = address.removesuffix("/").removesuffix(":").removeprefix("http://")
    return address if ":" in address else host.bind


def host_now(host: Host) -> str:
    """The name by which to ask for the site that Nginx has: that which is declared may be new."""
    found = SERVER_NAME.search(host.site_file.read_text())
    names = found[1].split() if found else []
    plain = [name for name in names if PLAIN_NAME.fullmatch(name)]
    return host.health_host if host.health_host in names else (*plain, host.health_host)[0]


def takes_https(host: Host) -> bool:
    """Whether the site that Nginx has takes visitors by https: what is declared may be new."""
    return CERTIFICATE.search(host.site_file.read_text()) is not None


def with_understudy(host: Host) -> bool:
    """Whether an understudy has the visitors."""
    return has_visitors(host) and _understudy(host) in host.site_file.read_text()


def are_not_at(host: Host, bind: str) -> bool:
    """Whether they are with an understudy, or at another address than this."""
    return with_understudy(host) or bind_now(host) != bind


def send_to_understudy(host: Host, bind: str) -> set[int]:
    """Have Nginx send everyone to the understudy.

    Returns Nginx's workers that were too slow: they have the visitors whose downloads go on.

    The app server itself stands by in the same upstream: should the host boot now, the understudy
    is gone, and Nginx takes the other. A POST that was sent is not sent twice for that
    (proxy_next_upstream's default). It is there by the address that it has, and by the one that
    it is to have. And each is asked whatever became of the request before (max_fails): one that
    ends its worker is no reason to take the understudy for dead.
    """
    addresses = dict.fromkeys((bind_now(host), host.bind))
    servers = [bind, *(f"{address} backup" for address in addresses)]
    lines = "".join(f"    server {server} max_fails=0;\n" for server in servers)
    write(host.upstream_file, f"upstream {host.user}-understudy {{\n{lines}}}\n")
    return _point(host, _understudy(host))


def send_to_app_server(host: Host, bind: str, too_slow: Collection[int] = ()) -> None:
    """Have Nginx send everyone to the app server; those `too_slow` were waited for already."""
    _point(host, f"http://{bind}", and_remove=host.upstream_file, too_slow=too_slow)


def _understudy(host: Host) -> str:
    return f"http://{host.user}-understudy"


def _point(
    host: Host, address: str, and_remove: Path | None = None, too_slow: Collection[int] = ()
) -> set[int]:
    with shared():
        main = run("systemctl", "show", "-P", "MainPID", "nginx")
        old = _reloaded(host, address, and_remove, main)
    seconds = _patience(host)
    if not wait(lambda: not (_workers(main) & old).difference(too_slow), seconds):
        slow = f"Some visitors are slower than {seconds} s; Nginx goes on serving them."
        say(slow, well=True)
    return _workers(main) & old


def _reloaded(host: Host, address: str, and_remove: Path | None, main: str) -> set[int]:
    """Nginx's workers of before, which end once their visitors have what they wait for."""
    before = host.site_file.read_text()
    write(host.site_file, PROXY_PASS.sub(f"proxy_pass {address};", before))
    try:
        must("nginx", "-t", "-q")
    except SwitchError:
        write(host.site_file, before)
        if _understudy(host) not in before:
            host.upstream_file.unlink(missing_ok=True)
        raise
    if and_remove:
        and_remove.unlink(missing_ok=True)
    old = _workers(main)
    call("reload_nginx", "Nginx does not run with its new configuration.")
    return old


def _patience(host: Host) -> int:
    """Seconds. Gunicorn ends what takes longer, the old one by its file, the new by the settings;
    what Nginx has from it already, it goes on sending. Of WebSockets, only a person would say when
    to end."""
    program = host.program_file.read_text() if host.program_file.is_file() else ""
    return max(
        0 if host.holds_connections else DRAIN_SECONDS,
        host.timeout,
        *(int(one) - STOP_MARGIN_SECONDS for one in STOP_WAIT.findall(program)),
    )


def _workers(main: str) -> set[int]:
    return {int(pid) for pid in children(main)}
