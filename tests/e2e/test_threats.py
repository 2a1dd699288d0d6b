"""Attacks on hosts of the lab, each a row of docs/threats.md, which a run of all of them writes."""

from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller
from tests.e2e.faults import assert_told, deploy, still_served
from tests.e2e.http import release_at, wait_for
from tests.lab import Host

pytestmark = pytest.mark.e2e


@pytest.mark.threat(
    "project's user",
    "read the deployment's scripts and change what they know of the project",
    "`/usr/local/lib/PROJECT` is root's, and nobody else may write there",
)
def test_the_scripts_of_root_are_not_the_users_to_write(standing: Host) -> None:
    told = standing.enter(
        "runuser -u fooproject -- sh -c 'cd /usr/local/lib/fooproject && "
        "for path in . switch switch/host.py switch.json database.py; do "
        "test -w $path && echo $path; done; :'"
    )
    assert told.stdout == ""


# The switch asks for a health page as root

SECRET = "only for root to read"
LISTENS = """
import socket, sys
where = sys.argv[1]
server = socket.socket(socket.AF_UNIX if where.startswith("/") else socket.AF_INET)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(where if where.startswith("/") else ("127.0.0.1", int(where)))
server.listen()
print("listening", flush=True)
while True:
    visitor, _ = server.accept()
    asked = visitor.recv(9999)
    print(asked, flush=True)
    visitor.sendall(b"HTTP/1.1 @status@\\r\\nContent-Length: 21\\r\\n\\r\\n@secret@")
    visitor.close()
"""
SWAPS_ITS_SOCKET = """
import os
def when_ready(server):
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "")
    for name in os.listdir(path) if "understudy" in path else []:
        if name.endswith(".sock"):
            os.rename(path + name, path + "aside")
            os.symlink("/run/for-root.sock", path + name)
"""
DRIPS = """
def health(request):
    import time
    from django.http import StreamingHttpResponse
    def drops():
        while True:
            yield b"x"
            time.sleep(0.5)
    return StreamingHttpResponse(drops())
"""


def listen(host: Host, unit: str, where: str, user: str = "root", status: str = "500 No") -> None:
    """Have an account answer whoever asks there, and keep what was asked in the journal."""
    script = LISTENS.replace("@status@", status).replace("@secret@", SECRET)
    host.write(f"/srv/{unit}.py", script)
    host.enter(f"systemd-run -q --collect -u {unit} -p User={user} python3 /srv/{unit}.py {where}")
    wait_for("it listens", lambda: "listening" in journal(host, unit))


def journal(host: Host, unit: str) -> str:
    return host.enter(f"journalctl -qu {unit} -o cat").stdout


def another_release(site: Controller, name: str, text: str) -> None:
    file = site.project() / name
    file.write_text((file.read_text() if file.exists() else "") + text)


@pytest.mark.threat(
    "project's user",
    "swap the understudy's socket for a symlink to a socket of root's, to have root speak to it "
    "and the answer logged",
    "root follows no symlink to a socket, and sends nothing unless the kernel says that the "
    "project's user listens",
)
def test_root_speaks_to_no_socket_that_is_not_the_users(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    another_release(site, "gunicorn.conf.py", SWAPS_ITS_SOCKET)
    listen(standing, "for-root", "/run/for-root.sock")
    with still_served(standing):
        run = deploy(site)
    assert_told(run, "is no socket of fooproject's", "is still being served")
    assert "GET" not in journal(standing, "for-root")
    assert SECRET not in run.output + standing.enter("cat /var/log/fooproject/*.log").stdout


@pytest.mark.threat(
    "another account",
    "listen on Gunicorn's port while it is down, and answer its health check",
    "whoever listens is looked up in the kernel's table: not the project's user is not healthy, "
    "and is named before a release is begun",
)
def test_a_neighbour_on_the_port_is_not_taken_for_gunicorn(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    live = release_at(standing)
    another_release(site, "changed.txt", "taken")
    standing.enter("supervisorctl stop django")
    listen(standing, "taker", "8000", user="deployer", status="200 OK")
    try:
        assert "taken by deployer, not fooproject" in site.pyinfra("status.py").stdout
        run = deploy(site)
        assert_told(run, "127.0.0.1:8000 is taken by process", "of deployer", "set bind to another")
        assert "still being served" not in run.output
        assert "GET" not in journal(standing, "taker")
    finally:
        standing.enter("systemctl stop taker; supervisorctl start django")
    wait_for("the site is up", lambda: release_at(standing) == live)


@pytest.mark.threat(
    "project's user",
    "answer the health check a byte at a time, to hang root's switch and its lock",
    "`timeout_seconds` are for the whole answer, and only its beginning is read",
)
def test_a_health_page_that_drips_holds_up_nobody(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    another_release(site, "guestbook/views.py", DRIPS)
    # With threads, Gunicorn itself does not end a request that takes too long.
    another_release(site, "gunicorn.conf.py", "worker_class = 'gthread'\n")
    site.data["timeout_seconds"] = 3
    with still_served(standing):
        run = deploy(site)
    assert_told(run, "not all of it came within 3 s", "is still being served")


# In a namespace of its own, where the next process gets whichever number it is to have.
REUSED = """
import os, signal, sys, threading, time
sys.path.insert(0, "/usr/local/lib/fooproject")
from switch.rivals import end
rival = os.fork()
if not rival:
    signal.pause()
def reuse():
    os.waitpid(rival, 0)
    with open("/proc/sys/kernel/ns_last_pid", "w") as file:
        file.write(str(rival - 1))
    neighbour = os.fork()
    if not neighbour:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
        os._exit(0)
    print("the same number" if neighbour == rival else "another number", flush=True)
thread = threading.Thread(target=reuse)
thread.start()
end(rival, lambda: True)
thread.join()
print("lives" if os.waitpid(rival, os.WNOHANG) == (0, 0) else "ended", flush=True)
os.kill(rival, signal.SIGKILL)
"""


@pytest.mark.threat(
    "project's user",
    "have a Gunicorn ended that holds the port, and its number be another's a moment later",
    "a process is held by a pidfd from before it is looked at until it has ended",
)
def test_whoever_gets_the_number_of_a_process_that_was_ended_lives(standing: Host) -> None:
    standing.write("/srv/reused.py", REUSED)
    told = standing.enter("unshare --pid --fork --mount-proc python3 -B /srv/reused.py").stdout
    assert told == "the same number\nlives\n"
