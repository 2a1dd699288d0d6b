"""Attacks on hosts of the lab, each a row of docs/threats.md, which a run of all of them writes."""

import json
import os
import re
import shlex
import shutil
import socket
import tarfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyinfra.api import StringCommand

from stack.commands.lock import after_orphans
from stack.commands.programs import run as run_program
from stack.commands.release import remove
from stack.project.layout import Layout
from stack.requirements import read
from stack.shell.account import as_user as as_user_command
from stack.source import Built
from stack.source.folder import Folder
from stack.source.git import git
from tests.e2e.controller import PASSWORD, PYINFRA, Controller
from tests.e2e.faults import assert_told, deploy, no_request_fails, still_served
from tests.e2e.http import get, post, release_at, wait_for
from tests.endless import ENDLESS
from tests.lab import Host, Lab
from tests.unit.source.repositories import bomb

pytestmark = pytest.mark.e2e

USER = "fooproject"
HOME = f"/home/{USER}"


@pytest.fixture(scope="module")
def attacked(standing: Host) -> Host:
    """A host with the project live, for attacks that are taken back."""
    return standing


@pytest.fixture
def operator(attacked: Host, controller: Callable[..., Controller]) -> Controller:
    """Who deploys to it."""
    return controller(attacked)


def as_user(host: Host, script: str, user: str = USER) -> str:
    """Run a shell script as the project's user, or another account; what it printed."""
    return host.enter(f"cd /tmp; {script}", user=user).stdout


def with_input(command: StringCommand) -> str:
    """A command as a line for the host's shell, with what it gets on its standard input."""
    lines = "".join(f"{line}\n" for line in command.connector_arguments["_stdin"])
    return f"printf %s {shlex.quote(lines)} | {command.get_raw_value()}"


@pytest.mark.threat(
    "project's user",
    "read the deployment's scripts and change what they know of the project",
    "`/usr/local/lib/PROJECT` is root's, and nobody else may write there",
)
def test_the_scripts_of_root_are_not_the_users_to_write(attacked: Host) -> None:
    look = (
        "cd /usr/local/lib/fooproject && for path in . switch switch/host.py switch.json; do "
        "test -w $path && echo $path; done; :"
    )
    assert as_user(attacked, look, "root").count("\n") == 4
    assert as_user(attacked, look) == ""


SUPERVISORS = "/etc/supervisor/conf.d/fooproject.conf"
OWN_PROGRAM = b64encode(b"[program:django]\ncommand=/bin/touch /root/owned\n").decode()
SERVER = b64encode(b"server { listen 80 default_server; }").decode()
FORGED = {
    "text": f"text\t{SUPERVISORS}\t{OWN_PROGRAM}",
    "nginx-file": f"nginx-file\t/etc/nginx/conf.d/x.conf\t{SERVER}",
    "supervisor-stray": "supervisor-stray\t/root",
    "unit": "unit\tId=nginx.service\nunit\tActiveState=active\nunit\tMainPID=1\nunit\t",
    "nginx-pid": "nginx-pid\t1",
    "children": "children\t1\tboom",
    "time": "time\t1",
}
"""Records that root's own reading prints, as a link's target holds them."""


@pytest.fixture
def forgery(attacked: Host) -> Iterator[None]:
    """Links in the home with such targets, and a dump with such a name."""
    for number, record in enumerate(FORGED.values()):
        target = f"x\n{record}\nx"
        as_user(attacked, f"ln -s '{target}' {HOME}/releases/forged{number}")
    as_user(attacked, f"cd {HOME}/releases/*-*/ && : > 'before\nnginx-pid\t1\n.dump'")
    yield
    as_user(attacked, f"rm -f {HOME}/releases/forged* {HOME}/releases/*-*/before*")


@pytest.mark.threat(
    "project's user",
    "links and names in his home that look like what root's reading of the host prints",
    "the home is read as its user, and told in one field that cannot be taken for another",
)
@pytest.mark.usefixtures("forgery")
def test_nothing_in_the_home_passes_for_what_root_has_read(
    attacked: Host, operator: Controller
) -> None:
    attacked.enter("systemctl stop nginx")
    try:
        told = operator.pyinfra("drift.py", "--json", check=False)
        assert (told.returncode, "Traceback" in told.output) == (2, False)
        planned = operator.plan()
    finally:
        attacked.enter("systemctl start nginx")
    assert planned == ["Nginx | Run Nginx with its configuration"]


ANOTHERS = (
    r"releases/\033[8mHIDDEN\033[0m\nweb2\n    live     forged-release, since 2026-01-01\n"
    r"    health   ok, 3 workers"
)


@pytest.mark.threat(
    "project's user",
    "write whole lines, another host's among them, and colours that hide text into what a person "
    "reads of plans and of the host",
    "line ends and what a terminal would obey are shown as ?, also where they were encoded on "
    "their way, and what is no name of a release is not told as one",
)
def test_nobody_writes_lines_of_his_own_into_what_a_person_reads(
    attacked: Host, operator: Controller
) -> None:
    live = as_user(attacked, f"readlink {HOME}/{USER}").strip()
    as_user(attacked, f"ln -sfn \"$(printf '{ANOTHERS}')\" {HOME}/{USER}")
    try:
        told = [
            (run := operator.pyinfra(*words, check=False)).stdout + run.output
            for words in (("status.py",), ("deploy.py", "--dry"), ("drift.py",))
        ]
    finally:
        as_user(attacked, f"ln -sfn {live} {HOME}/{USER}")
    for text in told:
        assert not re.search(r"^ *web2$|^ *live +forged|\x1b\[8m", text, re.M)


LONG_LINES = r"""
import sys
for number in range(60):
    print("\\x01" * 8200, file=sys.stderr)
raise RuntimeError("wsgi says no")
"""


@pytest.mark.threat(
    "repository",
    "fail to start with long lines, which the release log keeps and every later plan fetches",
    "of why an attempt failed 10 kB are kept, and entries of earlier versions that are longer are "
    "not fetched",
)
def test_no_failed_release_makes_later_plans_slow(attacked: Host, operator: Controller) -> None:
    wsgi = operator.project() / "fooproject" / "wsgi.py"
    log = f"/var/log/{USER}/releases.log"
    size = f"wc -c < {log}"
    before = int(attacked.enter(size).stdout)
    wsgi.write_text(wsgi.read_text() + LONG_LINES)
    told = operator.pyinfra("deploy.py", "-y", check=False)
    grown = int(attacked.enter(size).stdout) - before
    assert "wsgi says no" in told.output
    assert (told.returncode, grown < 20_000, len(told.output) < 100_000) == (1, True, True)


PRINTS = """
from django.db import migrations

def tell(*_):
    for number in range(20000):
        print("  Applying " + "x" * 1000 + "... OK")
        print("  Applying shop.0001_forged... OK")

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
"""
FORGET = f"{HOME}/{USER}/manage migrate guestbook 0001"


@pytest.mark.threat(
    "repository",
    "print without end in a migration, for the deploying machine to show and to keep",
    "what is told of migrations meanwhile is a thousand lines that are names of some",
)
@pytest.mark.long
def test_a_migration_that_prints_is_told_in_few_lines(attacked: Host, operator: Controller) -> None:
    migration = operator.project() / "guestbook" / "migrations" / "0002_prints.py"
    migration.write_text(PRINTS)
    try:
        told = operator.pyinfra("deploy.py", "-y").output
        as_user(attacked, FORGET)
    finally:
        migration.unlink()
        operator.pyinfra("deploy.py", "-y")
    assert told.count("shop.0001_forged") == 1000
    assert len(told) < 200_000


HANGING = {
    "a sparse file of 8 TB": "rm -f {path}; truncate -s 8T {path} && chmod 700 {path}",
    "a FIFO": "rm -f {path}; mkfifo -m 700 {path}",
}


@pytest.mark.parametrize("name", ["with-env", "manage", ".built"])
@pytest.mark.parametrize("trap", HANGING)
@pytest.mark.threat(
    "project's user",
    "files in a release that never end, or that nobody writes, for root's reading to hang on",
    "what is opened is a regular file of a bounded size, in a bounded time",
)
def test_reading_the_home_ends(attacked: Host, operator: Controller, trap: str, name: str) -> None:
    path = f"{HOME}/{USER}/{name}"
    as_user(attacked, f"cp -p {path} {path}.kept; {HANGING[trap].format(path=path)}")
    try:
        started = time.monotonic()
        planned = operator.plan()
        assert time.monotonic() - started < 120
        assert any("Release" in one for one in planned)
    finally:
        as_user(attacked, f"mv -f {path}.kept {path}")


@pytest.mark.threat(
    "project's user",
    "stop the process that reads his home, or close the home to it",
    "the reader has a limit of time, and a home that was not read to its end is refused in a line",
)
def test_a_home_that_cannot_be_read_is_refused(attacked: Host, operator: Controller) -> None:
    attacked.enter(f"chown root {HOME} && chmod 700 {HOME}")
    try:
        told = operator.pyinfra("deploy.py", "--dry", check=False)
    finally:
        attacked.enter(f"chown {USER} {HOME} && chmod 711 {HOME}")
    assert told.returncode == 1
    assert "/home/fooproject could not be read to its end" in told.output
    assert "Traceback" not in told.output


READS = "^(awk.*known_as|comm -13 /dev/fd/3)"
"""The program that reads what the live release has written, and none else does."""


@pytest.fixture(params=["KILL", pytest.param("STOP", marks=pytest.mark.long)])
def without_readers(attacked: Host, request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever reads what the live release has written, and has much to read, does not get far."""
    built = f"{HOME}/{USER}/.built"
    ends = f"while :; do pkill -{request.param} -f '{READS}'; done"
    as_user(attacked, f"cp -p {built} {built}.kept && truncate -s 200M {built}")
    loop = as_user(attacked, f"setsid sh -c {shlex.quote(ends)} > /dev/null 2>&1 & echo $!")
    yield
    attacked.enter(f"kill -KILL {loop.strip()}; pkill -KILL -u {USER} -f '{READS}' || :")
    as_user(attacked, f"mv {built}.kept {built}")


@pytest.mark.threat(
    "project's user",
    "end or stop what reads which files the live release has written, for them to be left behind",
    "the limit of time is root's, what is told ends with a mark, and without it nothing goes live",
)
@pytest.mark.usefixtures("without_readers")
def test_what_was_not_read_to_its_end_is_not_left_behind(operator: Controller) -> None:
    another_release(operator, "changed.txt", "unread")
    told = operator.pyinfra("deploy.py", "--dry", limit=200)
    assert "This will fail: What the live release, " in told.output
    assert "could not be read to its end within 60 s" in told.output


@pytest.mark.threat(
    "another account",
    "a `supervisord.conf` in the folder from which somebody deploys to the host itself",
    "what root runs is started in the root folder, and supervisorctl is told which file is its own",
)
def test_no_file_of_the_current_folder_is_supervisors(attacked: Host) -> None:
    as_user(
        attacked,
        "mkdir /tmp/mine && printf '%s\\n' [supervisorctl] serverurl=unix:///tmp/mine/sock "
        "[ctlplugin:x] supervisor.ctl_factory=x:y > /tmp/mine/supervisord.conf",
        "deployer",
    )
    release = attacked.enter(f"readlink -f {HOME}/{USER}").stdout.strip()
    file = f"/etc/supervisor/conf.d/{USER}.conf"
    command = run_program(Layout(USER), "django", file, release).get_raw_value()
    attacked.enter(f"cd /tmp/mine && {command}")
    attacked.enter("rm -r /tmp/mine")


@pytest.mark.threat(
    "project's user",
    "an interpreter of his own, or in his home, for root to ask its version",
    "a path in the home is refused, and no other interpreter runs as root",
)
def test_no_interpreter_runs_as_root(attacked: Host, operator: Controller) -> None:
    attacked.enter(
        "install -d -o fooproject /opt/theirs && printf '#!/bin/sh\\nid -u > /opt/theirs/ran\\n"
        "touch /root/owned\\n' > /opt/theirs/python && chmod 755 /opt/theirs/python && "
        "install -m 666 /dev/null /opt/theirs/ran"
    )
    operator.data["python"] = "/opt/theirs/python"
    told = operator.pyinfra("deploy.py", "--dry", check=False)
    assert 'python = "/opt/theirs/python"' in told.output
    assert attacked.enter("cat /opt/theirs/ran; ls /root/owned 2>&1 || :").stdout.startswith(
        "65534\n"
    )
    attacked.enter("test ! -e /root/owned && rm -r /opt/theirs")
    operator.data["python"] = f"{HOME}/bin/python"
    told = operator.pyinfra("deploy.py", "--dry", check=False)
    assert (told.returncode, "python = " in told.output) == (1, True)
    assert "the project's user" in told.output


TELLS = """
import os, subprocess, sys
with open("/home/fooproject/told", "a") as told:
    descriptors = sorted(map(int, os.listdir("/proc/self/fd")))
    print(sys.argv[1:2], descriptors, sorted(os.environ), file=told)
if sys.argv[1:2] in (["check"], ["shell"], ["migrate"]):
    subprocess.Popen(["sleep", "333"], close_fds=False)
print("\\x1b]0;owned\\x07", file=sys.stderr)
"""
"""What the settings of a hostile project do whenever manage.py runs."""


@pytest.fixture
def hostile(attacked: Host, operator: Controller) -> Iterator[Controller]:
    """A project that does so, to be deployed from an environment with a key in it."""
    settings = operator.project() / "fooproject" / "settings.py"
    settings.write_text(settings.read_text() + TELLS)
    attacked.enter("echo OPERATORS_KEY=secret >> /etc/environment")
    attacked.enter(f"install -m 666 /dev/null {HOME}/told")
    yield operator
    attacked.enter(
        f"sed -i /OPERATORS_KEY/d /etc/environment; rm -f {HOME}/told; pkill -x sleep || :"
    )


@pytest.mark.threat(
    "repository",
    "processes left behind that hold on to what root has opened, keys in the environment, and "
    "escapes for the terminal of whoever deploys",
    "what runs as the user gets standard output and error alone, an environment made for it, and "
    "its output is waited for no longer than it runs; what hosts print is shown as plain text",
)
def test_a_hostile_project_gets_nothing_of_roots(attacked: Host, hostile: Controller) -> None:
    # With commands of its own in between, a release is migrated in a process of its own.
    hostile.data["commands"] = {"after_static": ["true"]}
    started = time.monotonic()
    told = hostile.apply()
    assert time.monotonic() - started < 300
    said = attacked.enter(f"cat {HOME}/told").stdout
    assert "OPERATORS_KEY" in attacked.run("env").stdout
    assert "OPERATORS_KEY" not in said
    of_manage = [line for line in said.splitlines() if not line.startswith("['-")]
    assert len(of_manage) >= 2, "to check and collect, and to migrate"
    for line in of_manage:
        # Standard input, output and error, the file itself, and the folder that is listed.
        assert "[0, 1, 2, 3, 4]" in line
    assert attacked.enter("pgrep -cx sleep").stdout.strip() != "0"
    planned = hostile.pyinfra("deploy.py", "--dry", "-vvv")
    for run in (told, planned):
        assert "\x1b]0;" not in run.output + run.stdout
        assert "\x07" not in run.output + run.stdout


@pytest.mark.threat(
    "repository",
    "words in the reason of a failed run that the hooks of `notify` would run, or stumble over",
    "hooks get them in one variable, as text in print; a shell runs nothing that is in a variable",
)
def test_what_a_project_says_is_nothing_to_the_hooks(
    attacked: Host, operator: Controller, tmp_path: Path
) -> None:
    settings = operator.project() / "fooproject" / "settings.py"
    said = f"$(touch {tmp_path}/ran)\0\x1b]0;owned\x07\nDEPLOY_RESULT=live"
    settings.write_text(f"raise RuntimeError({said!r})\n")
    operator.data["notify"] = [f"echo $DEPLOY_REASON; env -0 > {tmp_path}/told"]
    assert operator.apply(check=False).returncode == 1
    told = (tmp_path / "told").read_text().split("\0")
    [reason] = [one for one in told if one.startswith("DEPLOY_REASON=")]
    assert "$(touch" in reason
    assert reason.replace("\n", "").isprintable()
    assert [one for one in told if one.startswith("DEPLOY_RESULT=")] == ["DEPLOY_RESULT=failed"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.threat(
    "repository",
    "tokens in the environment of whoever deploys, and files beside the source, in what `build` "
    "leaves for the hosts",
    "a build has a copy of its own and an environment made for it, and a link is sent as a link; "
    "it runs as that person, so what he may read it may read by its path",
)
def test_a_build_sends_nothing_along_that_it_was_not_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, folder in (("XDG_CACHE_HOME", "cache"), ("HOME", "home"), ("SSH_AUTH_SOCK", "agent")):
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("NPM_TOKEN", "a token")
    for path in ("project/app.js", "home/.npmrc", "beside/key"):
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text("secret")
    commands = (
        "env > seen; cat ~/.npmrc ../beside/key >> seen 2>&1 || :",
        f"ln -s {tmp_path}/beside/key link; ln -s {tmp_path}/beside folder; ln -s ../../beside up",
    )
    made = Built(Folder(tmp_path / "project", "project"), commands, ())
    with tarfile.open(fileobj=made.archive().reader()) as archive:
        links = {one.name for one in archive if one.issym()}
        files = {one.name: archive.extractfile(one) for one in archive if one.isfile()}
        texts = {name: file.read().decode() for name, file in files.items() if file}
    assert "PATH=" in texts["seen"]
    for secret in ("secret", "a token", str(tmp_path / "home"), str(tmp_path / "agent")):
        assert secret not in texts["seen"]
    assert (set(texts), links) == ({"app.js", "seen"}, {"link", "folder", "up"})


@pytest.mark.threat(
    "project's user",
    "push keys into the terminal of root who deploys on the host itself (TIOCSTI)",
    "what runs as the user has a session of its own, without a terminal",
)
def test_no_terminal_is_handed_to_the_user(attacked: Host) -> None:
    layout = Layout("fooproject")
    command = as_user_command(
        layout, "python3 -c 'open(\"/dev/tty\")' 2>&1; echo done"
    ).get_raw_value()
    told = attacked.enter(
        f"script -qec {shlex.quote(f'sh -c {shlex.quote(command)}')} /dev/null", check=False
    )
    assert "No such device or address: '/dev/tty'" in told.stdout
    with_one = attacked.enter(
        'script -qec \'runuser -u fooproject -- python3 -c "open(\\"/dev/tty\\")"\' /dev/null'
    )
    assert with_one.returncode == 0


# As pyinfra runs it with @local, in the session of a terminal that is then closed.
CLOSES_THE_TERMINAL = """
import os, shlex, signal, subprocess, sys, time
def is_so(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
def wait(what):
    until = time.monotonic() + 20
    while not what() and time.monotonic() < until:
        time.sleep(0.05)
runs = lambda: is_so("pgrep", "-xf", "sleep 5")
shell = subprocess.Popen(["sh", "-c", sys.argv[1]], start_new_session=True)
wait(runs)
os.killpg(shell.pid, signal.SIGHUP)
time.sleep(0.5)
free = is_so("flock", "-n", "/run/django-stack/fooproject-command", "true")
print("free" if free else "held", "while it runs" if runs() else "and it has ended", flush=True)
wait(lambda: not runs())
let_go = is_so("flock", "-w", "5", "/run/django-stack/fooproject-command", "true")
print("free" if let_go else "held")
"""


@pytest.mark.threat(
    "repository",
    "a step that goes on when its deployment was cut, for the next one to meet",
    "root waits for whatever runs as the user, and holds the lock of what is under way until it "
    "has ended, also when the terminal was closed",
)
def test_a_step_that_outlives_its_terminal_holds_the_lock(attacked: Host) -> None:
    layout = Layout("fooproject")
    command = after_orphans(layout, as_user_command(layout, "sleep 5; :")).get_raw_value()
    attacked.write("/srv/closes.py", CLOSES_THE_TERMINAL)
    told = attacked.enter(f"python3 /srv/closes.py {shlex.quote(command)}").stdout
    assert told == "held while it runs\nfree\n"


ESCAPE = "\x1b]0;owned\x07"
FAILING_PAGE = """
def health(request):
    import os
    from django.http import HttpResponse
    bad = os.path.exists("/srv/bad")
    return HttpResponse("\\x1b]0;owned\\x07" if bad else "ok", status=500 if bad else 200)
"""


@pytest.mark.threat(
    "project's user",
    "escapes for the terminal in names of his and in his health page, which `status.py` tells",
    "what a terminal would obey is shown as `?`, also where it was encoded on its way",
)
def test_status_tells_nothing_that_a_terminal_obeys(attacked: Host, operator: Controller) -> None:
    views = operator.project() / "guestbook" / "views.py"
    views.write_text(views.read_text() + FAILING_PAGE)
    operator.apply()
    folder = f"{HOME}/releases/$(printf '\\033]0;owned\\007')"
    as_user(attacked, f'mkdir "{folder}" && : > "{folder}/.built"')
    attacked.enter("touch /srv/bad")
    try:
        told = operator.pyinfra("status.py", check=False)
        planned = operator.pyinfra("deploy.py", "--dry", "-vv", check=False)
    finally:
        attacked.enter("rm /srv/bad")
        as_user(attacked, f'rm -r "{folder}"')
    assert "/health answers 500" in told.stdout
    [kept] = re.findall("kept (.*)", told.stdout)
    assert "owned" not in kept
    for run in (told, planned):
        assert ESCAPE not in run.stdout + run.output


@pytest.mark.threat(
    "another account",
    "hold the lock of a deployment, under a false name, so that nobody can deploy",
    "locks lie in a folder that is root's alone",
)
def test_no_account_can_hold_a_lock(attacked: Host, operator: Controller) -> None:
    operator.plan()
    operator.apply()
    assert attacked.enter("ls /run/django-stack").stdout
    for user in ("deployer", USER):
        found = as_user(
            attacked,
            "find /run -name '*deploy*' -o -name '*command*' 2>/dev/null; "
            "for lock in /run/*.lock /run/django-stack/*; do "
            "flock -n $lock true 2>/dev/null && echo $lock; done; :",
            user,
        )
        assert [line for line in found.splitlines() if line != "/run/django-stack"] == []


@pytest.mark.threat(
    "project's user",
    "symlinks among the static files that lead to other people's files, and hidden files",
    "Nginx follows a symlink only to what belongs to the same owner, and serves no hidden file",
)
def test_nginx_serves_nothing_of_others_among_the_static_files(attacked: Host) -> None:
    static = f"{HOME}/{USER}/src/static"
    attacked.enter("install -D -m 644 /dev/stdin /srv/other/config", input="secret")
    as_user(
        attacked,
        f"cd {static} && ln -s /srv/other/config leak && ln -s / rootfs && mkdir .git && "
        "echo x > .git/config && echo x > .env && echo y > guestbook/.hidden && echo z > plain && "
        "chmod -R a+rX .git .env guestbook plain",
    )
    try:
        assert get(attacked, "/static/plain").status == 200
        for path in ("leak", "rootfs/srv/other/config", "rootfs/etc/passwd"):
            assert get(attacked, f"/static/{path}").status == 403
        for path in (".git/config", ".env", "guestbook/.hidden", "guestbook/../.env"):
            assert get(attacked, f"/static/{path}").status == 404
    finally:
        as_user(attacked, f"cd {static} && rm -rf leak rootfs .git .env guestbook/.hidden plain")


PSQL = "runuser -u postgres -- psql -v ON_ERROR_STOP=1 -q -d fooproject"


@pytest.fixture(scope="module")
def database(lab: Lab) -> Host:
    """A host for the database, in whatever state the test before has left it."""
    return lab.host("threatdb")


@pytest.fixture
def of_database(operator: Controller, attacked: Host, database: Host) -> Controller:
    """Who has deployed to it."""
    operator.groups = {"app": [attacked], "db": [database]}
    operator.data |= {"migrate": "once", "shared": [], "database_password": PASSWORD}
    operator.apply("--limit", database.name)
    return operator


def dump_and_restore(database: Host) -> None:
    """Do so, with nothing left of an attack before."""
    database.enter("rm -f /tmp/owned* /var/backups/fooproject/*")
    database.enter("systemctl start fooproject-dump.service")
    database.enter("fooproject-restore-database /var/backups/fooproject/*.dump")


SUPERUSERS = """
SET ROLE fooproject;
CREATE FUNCTION bad() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RESET ROLE;
  IF current_setting('is_superuser') = 'on' THEN
    COPY (SELECT 1) TO PROGRAM 'touch /tmp/owned';
  END IF;
  RETURN true;
END $$;
CREATE TABLE trap (n integer CHECK (bad()));
INSERT INTO trap VALUES (1);
"""


@pytest.mark.threat(
    "project's user",
    "code in a CHECK constraint, which a restore of the database's dump runs as its superuser",
    "a dump is restored over a connection that is authenticated with the project's rights alone",
)
@pytest.mark.long
def test_what_is_in_a_dump_runs_with_the_projects_rights(
    database: Host, of_database: Controller
) -> None:
    # As its owner the table is made and filled, and the constraint does nothing.
    database.enter(f"cd / && {PSQL}", input=SUPERUSERS.replace("RESET ROLE;", ""))
    dump_and_restore(database)
    assert database.enter("ls /tmp/owned*", check=False).stdout == ""
    rows = "SELECT n FROM trap; SELECT rolname FROM pg_roles WHERE rolname ~ 'restor'"
    assert database.enter(f"cd / && {PSQL} -At", input=rows).stdout == "1\n"
    assert of_database.plan("--limit", database.name) == []


HIDES_THE_CATALOGS = """
SET ROLE fooproject;
CREATE SCHEMA hides;
CREATE FUNCTION hides.own(what text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('is_superuser') = 'on' THEN
    EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'touch /tmp/owned-by-' || what);
  END IF;
  RETURN $name$plpgsql"; COPY (SELECT 1) TO PROGRAM 'touch /tmp/owned-by-name'; --$name$;
END $$;
CREATE VIEW hides.pg_extension AS SELECT hides.own('extension') AS extname;
CREATE VIEW hides.pg_class AS SELECT hides.own('class') AS relname;
CREATE FUNCTION hides.format(text, name) RETURNS text
  LANGUAGE sql AS $$ SELECT hides.own('call') $$;
CREATE VIEW seen AS SELECT hides.own('view') AS n;
CREATE MATERIALIZED VIEW kept AS SELECT hides.own('kept') AS n;
ALTER DATABASE fooproject SET search_path = hides, pg_catalog, public;
"""


@pytest.mark.usefixtures("of_database")
@pytest.mark.threat(
    "project's user",
    "a `search_path` of his own for his database, in which his views and functions hide those of "
    "PostgreSQL from the superuser who dumps or restores it",
    "what a superuser runs in the project's database says its own `search_path`, which wins, and "
    "its words of SQL are quoted by PostgreSQL",
)
def test_a_superuser_in_the_projects_database_runs_nothing_of_it(database: Host) -> None:
    database.enter(f"cd / && {PSQL}", input=HIDES_THE_CATALOGS)
    dump_and_restore(database)
    assert database.enter("ls /tmp/owned*", check=False).stdout == ""
    rows = "SELECT count(*) FROM pg_catalog.pg_class WHERE relname IN ('seen', 'kept')"
    assert database.enter(f"cd / && {PSQL} -At", input=rows).stdout == "2\n"


# The switch asks for a health page as root

SECRET = "only for root to read"
LISTENS = """
import socket, sys
where, name = sys.argv[1:]
open("/proc/self/comm", "w").write(name)
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
SWAPS = """
import os
def swap(socket):
    path = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "")
    for name in os.listdir(path) if "understudy" in path else []:
        if name.endswith(".sock"):
            os.rename(path + name, path + "aside")
            os.symlink(socket, path + name)
"""
SWAPS_ITS_SOCKET = (
    SWAPS
    + """
import socket
first = socket.socket.listen
def listen(self, *words):
    swap("/run/for-root.sock")
    return first(self, *words)
socket.socket.listen = listen
"""
)
"""Between its making and the moment from which it is listened to."""
SWAPS_IT_LATER = (
    SWAPS
    + """
import threading, time
def wait_for_nginx():
    while not os.path.exists("/etc/nginx/conf.d/fooproject-understudy.conf"):
        time.sleep(0.001)
    swap("/run/for-nginx.sock")
def when_ready(server):
    if "understudy" in os.environ.get("XDG_RUNTIME_DIR", ""):
        threading.Thread(target=wait_for_nginx, daemon=True).start()
"""
)
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


def listen(
    host: Host,
    unit: str,
    where: str,
    user: str = "root",
    status: str = "500 No",
    name: str = "python3",
) -> None:
    """Have an account answer whoever asks there, and keep what was asked in the journal.

    Args:
        name: of its process, of 15 bytes at most.
    """
    script = LISTENS.replace("@status@", status).replace("@secret@", SECRET)
    host.write(f"/srv/{unit}.py", script)
    words = shlex.join(["python3", f"/srv/{unit}.py", where, name])
    host.enter(f"systemd-run -q --collect -u {unit} -p User={user} {words}")
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
    assert_told(run, "is not a socket of fooproject's", "is still being served")
    assert "GET" not in journal(standing, "for-root")
    assert SECRET not in run.output + standing.enter("cat /var/log/fooproject/*.log").stdout


@pytest.mark.threat(
    "project's user",
    "swap the understudy's socket, once it has answered, for a symlink to a socket that Nginx may "
    "open and he may not, for visitors to get, and he to send, what is said there",
    "Nginx gets a name of the socket that is root's, and leads to it whatever he does to his own",
)
def test_nginx_speaks_to_no_socket_that_is_not_the_users(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    another_release(site, "gunicorn.conf.py", SWAPS_IT_LATER)
    listen(standing, "for-nginx", "/run/for-nginx.sock", status="200 OK")
    standing.enter("chown www-data:www-data /run/for-nginx.sock; chmod 660 /run/for-nginx.sock")
    try:
        with no_request_fails(standing):
            site.apply()
        assert "GET" not in journal(standing, "for-nginx")
    finally:
        standing.enter("systemctl stop for-nginx")
    assert site.plan() == []


@pytest.mark.threat(
    "another account",
    "listen on Gunicorn's port while it is down, and answer its health check",
    "whoever listens is looked up in the kernel's table: not the project's user is not healthy, "
    "and is named in the plan, and again before a release is begun",
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
        foretold = "This will fail: 127.0.0.1:8000 is taken by deployer: end it, or set bind to"
        assert foretold in site.pyinfra("deploy.py", "--dry").output
        run = deploy(site)
        assert_told(run, "127.0.0.1:8000 is taken by process", "of deployer", "set bind to another")
        assert "still being served" not in run.output
        assert "GET" not in journal(standing, "taker")
    finally:
        standing.enter("systemctl stop taker; supervisorctl start django")
    wait_for("the site is up", lambda: release_at(standing) == live)


@pytest.mark.threat(
    "another account",
    "name what listens on Gunicorn's port as ss names the project's own, or who holds Nginx's port",
    "a plan asks the kernel again without names, wherever ss says anything else than expected",
)
@pytest.mark.parametrize("name", [")) uid:999 ino:", '\n:80 users:(("', '",pid=1,fd=1)) '])
def test_a_neighbours_name_for_its_process_is_no_word_of_a_plans(
    standing: Host, controller: Callable[..., Controller], name: str
) -> None:
    site = controller(standing)
    live = release_at(standing)
    assert "is taken" not in site.pyinfra("deploy.py", "--dry").output
    standing.enter("supervisorctl stop django")
    listen(standing, "taker", "8000", user="deployer", name=name)
    try:
        told = site.pyinfra("deploy.py", "--dry").output
        assert "127.0.0.1:8000 is taken by deployer: end it, or set bind to another" in told
    finally:
        standing.enter("systemctl stop taker; supervisorctl start django")
    wait_for("the site is up", lambda: release_at(standing) == live)


LEFT = """
import socket, time
one = socket.create_connection(("127.0.0.1", 22))
print("connected", flush=True)
time.sleep(1000)
"""
"""What a worker has left behind: it listens nowhere."""
FORGES = """
import pwd, socket, time
kept, uid = [], str(pwd.getpwnam("fooproject").pw_uid)
for row in [line.split() for line in open("/proc/net/tcp")][1:]:
    if row[7] == uid and row[3] != "0A":
        kept.append(socket.socket(socket.AF_UNIX))
        kept[-1].bind(f"\\0{row[9]}\\na 1 1 00010000 0001 01 {row[9]} /x\\n")
print("forged", len(kept), flush=True)
time.sleep(1000)
"""
"""A line of /proc/net/unix's for each connection of the project's user, as if it listened."""
NAMED = """
import os, socket, time
open("/proc/self/comm", "w").write("supervisord")
one, two = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
inode = os.fstat(one.fileno()).st_ino
two.bind(f"\\0x\\na: 2 0 00010000 0001 01 {inode} /run/supervisor.sock\\n")
print("forged", flush=True)
time.sleep(1000)
"""
"""One as if a socket of one's own were supervisord's."""
MANY = """
import ctypes, os, socket, time
maps = {"uid_map": f"0 {os.getuid()} 1", "setgroups": "deny", "gid_map": f"0 {os.getgid()} 1"}
libc = ctypes.CDLL(None, use_errno=True)
assert libc.unshare(0x10000000 | 0x20000) == 0, ctypes.get_errno()
for name, text in maps.items():
    with open(f"/proc/self/{name}", "w") as file:
        file.write(text)
assert libc.mount(b"none", b"/run", b"tmpfs", 0, None) == 0, ctypes.get_errno()
kept = []
for _ in range(14_000):
    kept.append(socket.socket(socket.AF_UNIX))
    kept[-1].bind("/run/supervisor.sock")
    kept[-1].listen()
    os.unlink("/run/supervisor.sock")
print("forged", flush=True)
time.sleep(1000)
"""
"""Of its name, in a /run of one's own."""
PLAN_SECONDS = 45
"""How long a plan may take here; it takes three."""


@pytest.fixture
def forge(standing: Host) -> Iterator[Callable[..., None]]:
    """Have an account without rights run a script until the test ends."""

    begun = []

    def begin(unit: str, script: str) -> None:
        begun.append(unit)
        standing.write(f"/srv/{unit}.py", script)
        options = f"-u {unit} -p User=deployer -p LimitNOFILE=15000"
        standing.enter(f"systemd-run -q --collect {options} python3 /srv/{unit}.py")
        wait_for("it has forged", lambda: "forged" in journal(standing, unit))

    yield begin
    for unit in begun:
        standing.enter(f"systemctl kill --signal=KILL {unit} || :")


@pytest.mark.threat(
    "another account",
    "a name of a socket that reads in `/proc/net/unix` as if a connection of the project's "
    "listened, for root to end whatever has that",
    "which sockets listen the kernel is asked in its own protocol, in which a name cannot pass for "
    "anything else",
)
def test_no_name_of_a_socket_has_root_end_a_process(
    standing: Host, forge: Callable[..., None]
) -> None:
    standing.write("/srv/left.py", LEFT)
    its = "-E SUPERVISOR_ENABLED=1 -E SUPERVISOR_PROCESS_NAME=django"
    standing.enter(f"systemd-run -q --collect -u left -p User={USER} {its} python3 /srv/left.py")
    try:
        wait_for("it has a connection", lambda: "connected" in journal(standing, "left"))
        forge("forges", FORGES)
        standing.enter(f"cd /usr/local/lib/{USER} && python3 -m switch {release_at(standing)}")
        assert standing.enter("systemctl is-active left", check=False).stdout == "active\n"
    finally:
        standing.enter("systemctl kill --signal=KILL left || :")


@pytest.mark.threat(
    "another account",
    "a name of a socket that reads in `/proc/net/unix` as supervisord's, while that is down, for a "
    "plan to refuse the host, and to advise to end a service of the system's",
    "the one counts that supervisord's file is of, by the kernel's number of it; a service is "
    "named only where its main process has it",
)
def test_no_name_of_a_socket_passes_for_supervisords(
    standing: Host, controller: Callable[..., Controller], forge: Callable[..., None]
) -> None:
    site = controller(standing)
    site.apply()
    forge("named", NAMED)
    # The file of its socket stays, and systemd waits before it starts it again.
    standing.enter("systemctl kill --signal=KILL supervisor; test -S /run/supervisor.sock")
    try:
        assert site.plan() != []
    finally:
        standing.enter("systemctl restart supervisor")
    wait_for("the site is up", lambda: get(standing, "/health").status == 200)


@pytest.mark.threat(
    "another account",
    "thousands of sockets of supervisord's name, in a /run of his own, for each plan to look for "
    "whoever has them",
    "one is looked for at most, and for ten seconds",
)
def test_sockets_without_number_hold_up_no_plan(
    standing: Host, controller: Callable[..., Controller], forge: Callable[..., None]
) -> None:
    site = controller(standing)
    site.apply()
    forge("many", MANY)
    assert site.pyinfra("deploy.py", "--dry", "--json", limit=PLAN_SECONDS).planned == []
    # Where it is down, none of them is the one.
    standing.enter("systemctl kill --signal=KILL supervisor; test -S /run/supervisor.sock")
    try:
        assert site.pyinfra("deploy.py", "--dry", "--json", limit=PLAN_SECONDS).planned != []
    finally:
        standing.enter("systemctl restart supervisor")
    wait_for("the site is up", lambda: get(standing, "/health").status == 200)


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


NESTS = """
import glob, os, re, time
folder = None
while not folder:
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            told = open(path).read()
        except OSError:
            continue
        folder = re.search("=(/var/lib/fooproject-understudy[^\\0]*)", told) or folder
os.chdir(folder[1])
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
print("nested", flush=True)
"""


@pytest.mark.threat(
    "project's user",
    "folders in folders, three thousand deep, where the understudy listens; and as much there as "
    "fills /run, without which no service of the host starts",
    "what is his is on the disk and not in /run, and is removed however deep it is",
)
def test_what_he_leaves_where_the_understudy_listens_is_removed(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    another_release(site, "changed.txt", "nested")
    standing.write("/srv/nests.py", NESTS)
    standing.enter(f"systemd-run -q --collect -u nests -p User={USER} python3 /srv/nests.py")
    site.apply()
    assert "nested" in journal(standing, "nests")
    assert standing.enter("ls -d /var/lib/fooproject-understudy", check=False).stdout == ""
    assert site.plan() == []
    found = f"find /run -xdev -user {USER} ! -type s ! -path '/run/user/*'"
    assert standing.enter(found).stdout == ""


@pytest.mark.threat(
    "project's user",
    "put a symlink to the system's folders in the place of his own, for root to add up",
    "what his folders hold is added up as him, in a limited time",
)
def test_root_walks_through_no_folder_of_his(attacked: Host, operator: Controller) -> None:
    as_user(attacked, f"cd {HOME} && mv .virtualenvs kept && ln -s /usr .virtualenvs")
    try:
        told = operator.pyinfra("status.py", "--json", check=False)
    finally:
        as_user(attacked, f"cd {HOME} && rm .virtualenvs && mv kept .virtualenvs")
    whole = int(attacked.enter("du -sx --block-size=1 /usr | cut -f1").stdout)
    used = json.loads(told.stdout)["hosts"][attacked.name]["used_bytes"]
    assert 0 < used < whole / 2


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


STOPS = """
import sys
sys.path.insert(0, "/usr/local/lib/fooproject")
import switch.host
switch.host.STEP_SECONDS = 2
for script in ("kill -STOP $$", "sleep 60 & exit 3", "printf '\\\\377no' >&2; exit 1"):
    try:
        switch.host.Host.read(switch.host.Path(sys.path[0], "switch.json")).sh(script)
    except switch.host.SwitchError as error:
        print(error)
"""


@pytest.mark.threat(
    "project's user",
    "stop what changes his files in a switch, or have it print without end, with visitors half way",
    "root waits for no process of his without a limit, and reads no more than the beginning",
)
def test_a_script_that_is_stopped_holds_up_no_switch(standing: Host) -> None:
    standing.write("/srv/stops.py", STOPS)
    told = standing.enter("python3 -B /srv/stops.py", timeout=30).stdout.splitlines()
    assert "it has not ended within 2 s" in told[0]
    assert told[1:] == [f"{USER}'s files cannot be changed: {why}" for why in ("", "\ufffdno")]
    standing.enter(f"pkill -KILL -u {USER} -x 'sleep|sh' || :")


# What an account of the host may do beside the project


@pytest.mark.threat(
    "another account",
    "talk to supervisord, read the project's environment, its database or its logs",
    "the socket is open to the user and root alone, and others may pass the home, not look",
)
def test_a_neighbour_reads_and_controls_nothing(attacked: Host) -> None:
    connects = "import socket; socket.socket(socket.AF_UNIX).connect('/run/supervisor.sock')"
    told = as_user(attacked, f'python3 -c "{connects}" 2>&1 || :', "deployer")
    assert "PermissionError" in told
    assert as_user(attacked, f'python3 -c "{connects}" && echo it may') == "it may\n"
    paths = f"{HOME}/{USER}/with-env {HOME}/shared/data/db.sqlite3 /var/log/{USER}/gunicorn.log"
    found = "for path in {}; do head -c 1 $path > /dev/null 2>&1 && echo $path; done; :"
    assert as_user(attacked, found.format(paths), "deployer") == ""
    assert len(as_user(attacked, found.format(paths)).splitlines()) >= 2


@pytest.mark.threat(
    "another account",
    "look for secrets in the arguments of processes, in files that all can read, in the journal",
    "values reach hosts over standard input, and lie in a file that is the user's alone",
)
def test_no_secret_lies_about(attacked: Host) -> None:
    secret = "a secret for tests alone"
    assert secret in as_user(attacked, f"cat {HOME}/{USER}/with-env")
    assert secret not in attacked.enter("cat /proc/[0-9]*/cmdline | tr '\\0' ' '").stdout
    look = f"grep -rlsF '{secret}' /etc /home /opt /run /srv /tmp /usr/local /var 2>/dev/null; :"
    assert as_user(attacked, look, "deployer") == ""
    assert secret not in attacked.enter("journalctl --no-pager").stdout


@pytest.mark.threat(
    "project's user",
    "become root by the group `sudo` of the article, or by the folders of logs and of Nginx",
    "the account has no password, and those folders are root's",
)
def test_the_user_becomes_no_root(attacked: Host) -> None:
    assert as_user(attacked, "sudo -n true 2>&1 || echo refused").endswith("refused\n")
    folders = f"/var/log/{USER} /etc/nginx /etc/nginx/sites-enabled /etc/supervisor/conf.d /run"
    folders += f" /usr/local/lib/{USER}"
    look = f"for folder in {folders}; do test -w $folder && echo $folder; done; :"
    assert as_user(attacked, look, "root").split() == folders.split()
    assert as_user(attacked, look) == ""


@pytest.mark.threat(
    "project's user",
    "become root by a sudo that asks nobody for a password, as some servers have it",
    "a user whom it would make root, by himself or by a group of his, is refused",
)
@pytest.mark.parametrize(
    "rule",
    [
        f"{USER} ALL=(ALL) NOPASSWD: ALL",
        "%sudo ALL=NOPASSWD:ALL",
        f"User_Alias PEOPLE = {USER}, nobody\nPEOPLE ALL = (root) NOPASSWD: /bin/true, ALL",
        f"Defaults:{USER} !authenticate\n%sudo ALL = ALL",
    ],
)
def test_a_sudo_that_asks_for_no_password_is_refused(
    attacked: Host, operator: Controller, rule: str
) -> None:
    attacked.write("/etc/sudoers.d/asks-nobody", f"{rule}\n")
    try:
        assert as_user(attacked, "sudo -n id -u") == "0\n"
        told = operator.pyinfra("deploy.py", "-y", check=False)
        if rule.startswith("%sudo"):
            # What the line says to do is enough, though he is in the group until it is done.
            operator.data["user_groups"] = ["nogroup"]
            operator.pyinfra("deploy.py", "--dry")
            del operator.data["user_groups"]
        limited = rule.replace("!authenticate", "authenticate").replace("/bin/true, ALL", "ALL")
        limited = re.sub("PASSWD: *ALL", "PASSWD: /bin/true", limited)
        attacked.write("/etc/sudoers.d/asks-nobody", f"{limited}\n")
        assert as_user(attacked, "sudo -n id -u 2>&1 || :") != "0\n"
        operator.pyinfra("deploy.py", "--dry")
    finally:
        attacked.enter("rm /etc/sudoers.d/asks-nobody")
    assert told.returncode == 1
    assert "root without a password (NOPASSWD in /etc/sudoers" in told.output


@pytest.mark.threat(
    "project's user",
    "put symlinks in the place of folders while root removes old releases or rotates logs",
    "root removes from a folder that is where its path says, and rotates in a folder of its own",
)
def test_root_follows_no_swapped_folder(attacked: Host) -> None:
    attacked.enter("mkdir -p /srv/precious/old && touch /srv/precious/old/file /srv/precious/n.log")
    layout = Layout("fooproject")
    as_user(attacked, f"mv {HOME}/releases {HOME}/aside && ln -s /srv/precious {HOME}/releases")
    as_user(attacked, f"ln -sfn /srv/precious {HOME}/logs")
    try:
        [command] = remove(layout, [f"{HOME}/releases/old"])
        removed = attacked.enter(with_input(command), check=False)
        attacked.enter(f"logrotate -f /etc/logrotate.d/{USER}")
    finally:
        as_user(attacked, f"rm {HOME}/releases && mv {HOME}/aside {HOME}/releases")
        as_user(attacked, f"ln -sfn /var/log/{USER} {HOME}/logs")
    assert removed.returncode != 0
    left = attacked.enter("find /srv/precious -type f | sort").stdout
    assert left == "/srv/precious/n.log\n/srv/precious/old/file\n"


LONG = f"aa{'b' * 230}"
FOREIGN = (
    f"cd {HOME}/releases && seq 1000 1700 | sed 's/^/{LONG}/' | xargs mkdir; "
    f"cd {HOME}/.virtualenvs && seq 1000 1700 | sed 's/^/.aa-{LONG}/' | xargs mkdir"
)
OWN = f"cd {HOME}/releases && seq 1000 4300 | sed 's/^/{'a' * 50}/' | xargs mkdir"


@pytest.mark.long
@pytest.mark.parametrize("many", [FOREIGN, OWN], ids=["no names of ours", "names as ours"])
@pytest.mark.threat(
    "project's user",
    "thousands of folders with long names where releases and virtualenvs are, which would fill the "
    "command lines of every run",
    "what has a longer name than ours is none of ours, and names go over standard input",
)
def test_no_names_are_too_many_for_a_command_line(
    attacked: Host, operator: Controller, many: str
) -> None:
    as_user(attacked, many)
    told = []
    try:
        for words in (
            ("status.py",),
            ("remove.py", "--dry"),
            ("remove.py", "--dry", "--data", "everything=True"),
            ("deploy.py", "-y"),
        ):
            run = operator.pyinfra(*words, check=False)
            told.append((words, run.returncode, "Traceback" in run.output))
        planned = operator.plan()
        left = attacked.enter(f"ls {HOME}/releases | grep -c '^aa'", check=False).stdout
    finally:
        attacked.enter(
            f"find {HOME}/releases {HOME}/.virtualenvs -maxdepth 1 -name '*aaa*' "
            f"-o -maxdepth 1 -name '*{LONG}*' | xargs rm -rf"
        )
    assert [one for one in told if one[1:] != (0, False)] == []
    assert planned == []
    assert left == ("701\n" if many == FOREIGN else "0\n")


ENDLESSLY_DEEP = """
import os, time
os.mkdir("/home/fooproject/releases/zy")
os.chdir("/home/fooproject/releases/zy")
for _ in range(15000):
    os.mkdir("d")
    os.chdir("d")
print("nested", flush=True)
while True:
    os.mkdir("d")
    os.chdir("d")
    time.sleep(0.001)
"""
"""Goes on in what has no place any more."""
LENGTHENS = "import os; print(os.geteuid() > 0, flush=True); os.ftruncate(1, 1 << 40)"


@pytest.mark.threat(
    "project's user",
    "make the log of a schedule terabytes long without writing them, for root to rotate and "
    "compress for days",
    "what a schedule says comes through a pipe, and root writes down no more than 100 MB of it",
)
def test_no_schedule_makes_its_log_as_long_as_it_likes(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    site.data["schedules"] = {
        "lengthens": {"command": f"python3 -c '{LENGTHENS}'", "when": "yearly"},
        "ends": {"command": "echo $HOME $PWD; sleep 99 & kill -9 $$", "when": "yearly"},
    }
    site.apply()
    for name in ("lengthens", "ends"):
        began = standing.enter(f"systemctl start {USER}.schedule-{name}", check=False, timeout=30)
        assert began.returncode == 1
    log = standing.enter(f"cat /var/log/{USER}/schedule-lengthens.log", user=USER).stdout
    assert log.startswith("True\n")
    assert log.endswith("OSError: [Errno 22] Invalid argument\n")
    log = standing.enter(f"cat /var/log/{USER}/schedule-ends.log").stdout
    assert log == f"{HOME} {HOME}/releases/{release_at(standing)}/source\n"
    told = site.pyinfra("status.py", check=False).stdout
    assert "failed   lengthens: exit-code, see ~/logs/schedule-lengthens.log" in told
    assert "failed   ends: signal, see ~/logs/schedule-ends.log" in told
    assert standing.enter("pgrep -x sleep", check=False).stdout == ""
    assert site.plan() == []


HOME_GONE = f"/home/.{USER}.gone"


@pytest.mark.threat(
    "project's user",
    "folders in folders among the releases, so deep that their removal takes minutes, and more of "
    "them meanwhile, for the run and all others to wait for, or to fail of",
    "root renames what goes into a folder of its own, and removes it while nobody waits",
)
def test_no_run_waits_for_old_releases_to_be_removed(attacked: Host) -> None:
    attacked.write("/srv/deep-release.py", ENDLESSLY_DEEP)
    attacked.enter(f"systemd-run -q -u nests-on -p User={USER} python3 /srv/deep-release.py")
    try:
        wait_for("it is deep", lambda: "nested" in journal(attacked, "nests-on"))
        [command] = remove(Layout(USER), [f"{HOME}/releases/zy"])
        began = time.monotonic()
        attacked.enter(with_input(command), timeout=60)
        assert time.monotonic() - began < 15
        assert attacked.enter(f"ls -d {HOME}/releases/zy", check=False).stdout == ""
        # A fast machine may be done by now.
        if attacked.enter(f"test -d {HOME_GONE}", check=False).returncode == 0:
            assert as_user(attacked, f"ls {HOME_GONE} 2>&1 || :").endswith("Permission denied\n")
    finally:
        attacked.enter("systemctl kill --signal=KILL nests-on")
    [again] = remove(Layout(USER), [f"{HOME}/releases/none"])
    attacked.enter(with_input(again))
    wait_for("all is removed", lambda: not attacked.enter(f"ls -d {HOME_GONE} || :").stdout, 300)


def test_a_disk_in_an_old_release_stays_where_it_is(attacked: Host) -> None:
    disk = f"{HOME}/releases/zz/disk"
    as_user(attacked, f"mkdir -p {disk}")
    attacked.enter(f"mount -t tmpfs none {disk} && touch {disk}/file")
    try:
        [command] = remove(Layout(USER), [f"{HOME}/releases/zz"])
        removed = attacked.enter(with_input(command), check=False)
        assert removed.returncode == 1
        assert disk.rpartition("/")[2] in removed.stderr
        attacked.enter(f"test -e {disk}/file")
    finally:
        attacked.enter(f"umount {disk}; rm -r {HOME}/releases/zz")


# What a visitor may do


def spoken(host: Host, request: bytes) -> bytes:
    """What Nginx answers to bytes that are no request of a well-behaved client's."""
    with socket.create_connection((host.address, 80), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.threat(
    "visitor",
    "leave the folder of static files by its path, plain or encoded",
    "Nginx resolves a path before it looks for the file, and names a folder with its slash",
)
def test_no_path_leads_out_of_the_static_files(attacked: Host) -> None:
    for path in (
        "/static/../../with-env",
        "/static/..%2f..%2fwith-env",
        "/static/%2e%2e/%2e%2e/with-env",
        "/static../with-env",
        "/static/..\\..\\with-env",
        "/static//../../../with-env",
    ):
        lines = f"GET {path} HTTP/1.1\r\nHost: fooproject.se\r\nConnection: close\r\n\r\n"
        answer = spoken(attacked, lines.encode())
        assert answer.split()[1] in (b"400", b"403", b"404")
        assert b"SECRET_KEY" not in answer


@pytest.mark.threat(
    "visitor",
    "reach the app of a site that is closed for maintenance, by the path of the CA's challenge",
    'that path is open with `tls = "acme"` alone, over HTTP, where Nginx itself answers',
)
def test_a_closed_site_is_reached_by_no_path_of_the_cas(
    attacked: Host, operator: Controller
) -> None:
    paths = ("/.well-known/acme-challenge/", "/.well-known/acme-challenge/none")
    close = ("maintenance.py", "-y", "--data")
    operator.pyinfra(*close, "on=True")
    for path in paths:
        assert (get(attacked, path).status, post(attacked, path, b"x").status) == (503, 503)
    assert get(attacked, "/health").status == 200
    operator.pyinfra(*close, "on=False")
    for path in paths:
        assert get(attacked, path).status == 404


@pytest.mark.threat(
    "visitor",
    "smuggle a request in the body of another, past Nginx, with lengths that contradict each other",
    "Nginx refuses such a request, and speaks to Gunicorn with one length alone",
)
@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 4\r\nContent-Length: 5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Content-Length: +4",
    ],
)
def test_no_request_is_smuggled(attacked: Host, headers: str) -> None:
    inner = "GET /api/headers HTTP/1.1\r\nHost: fooproject.se\r\n\r\n"
    outer = f"POST /api/upload HTTP/1.1\r\nHost: fooproject.se\r\n{headers}\r\n\r\n0\r\n\r\n{inner}"
    answer = spoken(attacked, outer.encode())
    assert answer.split()[1] in (b"400", b"501")
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.threat(
    "visitor",
    "reach what is not meant for him at another port",
    "SSH and Nginx alone listen on addresses that others can reach",
)
def test_nothing_else_listens(attacked: Host) -> None:
    told = attacked.enter("ss -Hltn | awk '{print $4}'").stdout.split()
    ports = {one.rpartition(":")[2] for one in told if not one.startswith(("127.", "[::1]"))}
    assert ports == {"22", "80"}


NOBODY_LISTENS = "http://127.0.0.1:9/tiny-1.0-py3-none-any.whl"


@pytest.mark.threat(
    "another account",
    "read the token of a package index in what a failed run prints, or in files it leaves behind",
    "pip alone gets it, through standard input, and what pip says is shown with it masked",
)
def test_a_token_in_requirements_is_shown_to_nobody(attacked: Host, operator: Controller) -> None:
    requirements = operator.project() / "requirements.txt"
    requirements.write_text(f"tiny @ {NOBODY_LISTENS}?token=${{TOKEN}}\n")
    operator.data["env"] = {"SECRET_KEY": "any", "TOKEN": PASSWORD}
    with still_served(attacked):
        run = operator.pyinfra("deploy.py", "-y", "-vvv", check=False)
    assert run.returncode == 1
    # So pip had it.
    assert "?token=*MASKED*" in run.output + run.stdout
    for form in (PASSWORD, quote(PASSWORD), quote(PASSWORD, safe="")):
        assert form not in run.output + run.stdout
    # In two parts, for the journal has the command lines of those who log in, this one's too.
    left = "grep -rlF wombat-''51c0f /home/*/.cache /tmp /var/tmp /var/log 2>/dev/null || :"
    assert attacked.enter(left).stdout == ""


@pytest.mark.threat(
    "repository",
    "a variable of whoever deploys, such as a key of theirs, that the requirements put into a URL",
    "requirements get a variable of the deploying machine only if `build_env` names it; for any "
    "other, the plan is refused",
)
def test_requirements_get_no_variable_that_no_setting_names(
    attacked: Host, operator: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", PASSWORD)
    requirements = operator.project() / "requirements.txt"
    requirements.write_text(f"Django\ntiny @ {NOBODY_LISTENS}?token=${{AWS_SECRET_ACCESS_KEY}}\n")
    with still_served(attacked):
        run = operator.pyinfra("deploy.py", "-y", check=False)
        assert run.returncode == 1
        assert "requirements.txt:2 asks for ${AWS_SECRET_ACCESS_KEY}" in run.output
        assert PASSWORD not in run.output + run.stdout
        operator.data["build_env"] = ["AWS_SECRET_ACCESS_KEY"]
        run = operator.pyinfra("deploy.py", "-y", check=False)
    # So pip had it.
    assert "?token=*MASKED*" in run.output + run.stdout
    assert PASSWORD not in run.output + run.stdout


@pytest.mark.threat(
    "repository",
    "commands in its own .git/config, for files that the clone lacks, and filters for the others",
    "reading fetches nothing, and an archive is made without anybody's configuration",
)
def test_a_repositorys_own_configuration_runs_nothing(
    attacked: Host, operator: Controller, tmp_path: Path
) -> None:
    project, ran = operator.project(), tmp_path / "ran"
    (project / ".gitattributes").write_text("* filter=evil\n")
    for words in (
        "init --quiet",
        "add .",
        "-c user.name=A -c user.email=a@example.com commit --quiet --message=first",
        "config core.repositoryFormatVersion 1",
        "config extensions.partialClone origin",
        "config remote.origin.promisor true",
        "config remote.origin.url ssh://x.example/x",
        f"config core.sshCommand 'touch {ran}; false'",
        f"config core.fsmonitor 'touch {ran}; false'",
        f"config filter.evil.smudge 'touch {ran}; cat'",
    ):
        git(project, *shlex.split(words))
    assert operator.plan()
    lost = git(project, "rev-parse", "HEAD:manage.py").decode().strip()
    (project / ".git/objects" / lost[:2] / lost[2:]).unlink()
    run = operator.pyinfra("deploy.py", "--dry", check=False)
    assert "expected a whole repository" in run.output
    assert not ran.exists()


@pytest.mark.threat(
    "repository",
    "the memory and the disk of whoever deploys, by a few kilobytes that git makes a billion files "
    "or terabytes of",
    "what a source has is counted while git lists it, to half a million files; a file is read to "
    "16 MB, and an archive leaves a gigabyte of its disk to others",
)
def test_no_commit_fills_the_memory_of_the_machine_that_deploys(
    operator: Controller,
) -> None:
    project = operator.project()
    git(project, "init", "--quiet")
    for name in ("name", "email"):
        git(project, "config", f"user.{name}", "a")
    bomb(project, 9)
    limited = f"ulimit -v 3000000; exec {shlex.join([*PYINFRA, str(operator.inventory())])}"
    for words in ("deploy.py --dry", f"look.py --dry --data source={project}"):
        run = operator.run(["sh", "-c", f"{limited} {words}"], check=False)
        assert run.returncode == 1
        assert "has more than 500,000 files and folders; set source to" in run.output
        assert "Traceback" not in run.output


@pytest.mark.threat(
    "repository",
    "private repositories of whoever deploys, by the name or the relative URL of a submodule",
    "what a clone has of a submodule is in its own folder of them, and git itself decides whether "
    "a commit may name a folder of the machine, which it may not by default",
)
def test_no_submodule_brings_another_repository_of_the_machine(
    attacked: Host, operator: Controller, tmp_path: Path
) -> None:
    project, private = operator.project(), tmp_path / "private"
    author = "-c user.name=A -c user.email=a@example.com"
    private.mkdir()
    (private / "secret.txt").write_text("secret")
    for words in ("init --quiet", "add .", f"{author} commit --quiet --message=first"):
        git(private, *shlex.split(words))
    commit = git(private, "rev-parse", "HEAD").decode().strip()
    above = os.path.relpath(private, project)
    for name, url in ((f"{private}/.git", "https://localhost:1/none"), ("lib", above)):
        shutil.rmtree(project / ".git", ignore_errors=True)
        (project / ".gitmodules").write_text(f'[submodule "{name}"]\n\tpath = lib\n\turl = {url}\n')
        for words in (
            "init --quiet",
            "add .",
            f"update-index --add --cacheinfo 160000,{commit},lib",
            f"{author} commit --quiet --message=first",
        ):
            git(project, *shlex.split(words))
        run = operator.pyinfra("deploy.py", "--dry", check=False)
        assert run.returncode == 1
        assert "has a submodule in lib that cannot be had" in run.output


@pytest.mark.threat(
    "neighbour on the controller",
    "a workspace of uv's in a folder above the cache, so that other packages are installed",
    "the project is exported as a workspace of its own, in a folder that is the account's alone",
)
def test_no_workspace_of_a_neighbours_decides_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
    lock = 'version = 1\nrequires-python = ">=3.11"\n\n[[package]]\nname = "shop"\nversion = "1"\n'
    lock += 'source = { virtual = "." }\n'
    above = '[tool.uv.workspace]\nmembers = ["**"]\n'
    for folder, text in (("project", project), ("shared", above)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pyproject.toml").write_text(text)
        (tmp_path / folder / "uv.lock").write_text(lock)
    (tmp_path / "shared/uv.lock").write_text("version = 1\nnonsense")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "shared"))
    found = read(Folder(tmp_path / "project", "project"), ".", "uv.lock")
    assert (found.text, found.added) == ("", "gunicorn\n")


# What a switch as root reads and removes of the project's user, with its lock held

SWARM = """
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
static int child(void *none) { return pause(); }
int main(void) {
  int files = 0, processes = 0;
  open("/dev/null", O_RDONLY);
  while (files < 10000 && dup(0) >= 0) files++;
  for (; processes < 3000; processes++)
    if (clone(child, (char *)malloc(65536) + 65536, CLONE_FILES | CLONE_VM | SIGCHLD, 0) < 0) break;
  printf("%d files in %d processes\\n", files, processes);
  fflush(stdout);
  return pause();
}
"""
SWITCH_SECONDS = 60
"""How long a switch may take here; it takes six, and looks for ten at whom the user runs."""


def seconds_of_switch(host: Host) -> float:
    """How long the last one took, by the release log."""
    line = host.enter("tail -n 1 /var/log/fooproject/releases.log").stdout
    assert json.loads(line)["result"] == "live", line
    return float(json.loads(line)["seconds"])


@pytest.mark.threat(
    "project's user",
    "an environment of 64 GB, by where a process says that its own begins and ends, and thousands "
    "of processes that share thousands of files, for a switch to read with visitors half way",
    "root reads of an environment what the kernel starts a program with, and looks for ten "
    "seconds, in which it does not find who is not there, for who holds Gunicorn's address",
)
@pytest.mark.long
def test_no_process_of_his_is_read_without_end(standing: Host) -> None:
    standing.write("/srv/endless.py", ENDLESS)
    standing.write("/srv/swarm.c", SWARM)
    standing.enter("cc -o /srv/swarm /srv/swarm.c && chmod 755 /srv/swarm")
    limits = "-p LimitNOFILE=15000 -p TasksMax=infinity"
    start = f"systemd-run -q --collect -p User={USER} {limits}"
    standing.enter(f"{start} --unit=endless python3 /srv/endless.py")
    standing.enter(f"{start} --unit=swarm /srv/swarm")
    try:
        wait_for("one has no end", lambda: "endless" in journal(standing, "endless"))
        wait_for("they are many", lambda: "10000 files in 3000" in journal(standing, "swarm"))
        by_hand = f"cd /usr/local/lib/fooproject && python3 -m switch {release_at(standing)}"
        with no_request_fails(standing):
            standing.enter(by_hand, timeout=2 * SWITCH_SECONDS)
        assert seconds_of_switch(standing) < SWITCH_SECONDS
    finally:
        standing.enter("systemctl kill --signal=KILL endless swarm")


REMOVED = "/var/lib/fooproject-understudy.gone"
DEEP = NESTS.replace("3000", "20000")


@pytest.mark.threat(
    "project's user",
    "folders in folders where the understudy listens, so deep that their removal takes minutes, "
    "for a switch to wait for with its lock held",
    "root renames what is his into a folder of its own, and removes it while nobody waits; what "
    "was cut of that, the next switch goes on with",
)
@pytest.mark.long
def test_no_switch_waits_for_what_is_removed(
    standing: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(standing)
    another_release(site, "changed.txt", "deep")
    standing.write("/srv/deep.py", DEEP)
    standing.enter(f"systemd-run -q --collect -u deep -p User={USER} python3 /srv/deep.py")
    with no_request_fails(standing):
        site.apply()
    assert seconds_of_switch(standing) < SWITCH_SECONDS
    assert site.plan() == []
    wait_for("they are many", lambda: "nested" in journal(standing, "deep"))
    standing.enter("systemctl stop 'fooproject.clearing-*'")
    # A fast machine may be done by now.
    if standing.enter(f"test -d {REMOVED}", check=False).returncode == 0:
        assert as_user(standing, f"ls {REMOVED} 2>&1 || :").endswith("Permission denied\n")
    another_release(site, "changed.txt", "another")
    site.apply()
    wait_for("all is removed", lambda: not standing.enter(f"ls -d {REMOVED} || :").stdout, 300)
    assert site.plan() == []
