"""The ways in which a host drifts from what is declared, and what puts each right."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

INSTALL = "Packages | Install *"
ORIGINALS = "Packages | Keep what their files were before"
OUTLAST = "Server | Keep services up when memory runs out for one process"
USER = "User | Create fooproject and its home"
LOGS = "Logs | Keep logs in /var/log/fooproject"
LOGS_LINK = "Logs | Link ~/logs to the logs"
LOGIN = "Login | Give fooproject virtualenvwrapper"
SUPERVISOR = "Supervisor | Let fooproject use supervisorctl"
CONTINUE = "Supervisor | Continue supervisord"
SOCKET = "Supervisor | Open its socket to the group nogroup"
OTHER_PROGRAMS = "Supervisor | Put aside what else declares django"
UNPACK = "Release | Unpack *"
ENVIRONMENT = "Release | Give * its environment"
VIRTUALENV = "Release | Build a virtualenv from requirements.txt"
CHECK = "Release | Check *"
STATIC = "Release | Collect the static files of *"
SWITCH = "Release | Keep the script that puts releases live"
MIGRATE = "Release | Migrate the database to *"
LIVE = "Release | Serve *"
OTHER_SITES = "Nginx | Put aside what else serves fooproject.se"
CONFIGURE = "Nginx | Configure it"
SITE = "Nginx | Serve fooproject.se"
NGINX = "Nginx | Run Nginx with its configuration"
OLD = "Release | Keep the newest 5"

NAMES = (
    *(INSTALL, ORIGINALS, OUTLAST),
    *(USER, LOGS, LOGS_LINK, LOGIN, SUPERVISOR, CONTINUE, SOCKET, OTHER_PROGRAMS, UNPACK),
    *(
        ENVIRONMENT,
        VIRTUALENV,
        CHECK,
        STATIC,
        SWITCH,
        MIGRATE,
        OTHER_SITES,
        CONFIGURE,
        LIVE,
        SITE,
        NGINX,
        OLD,
    ),
)
"""Every operation of deploy.py that changes a host."""

REBUILD = (UNPACK, ENVIRONMENT, CHECK, STATIC, MIGRATE, LIVE, OLD)
"""A release that was damaged is built again beside, and the damaged one removed."""
REBUILD_VIRTUALENV = (VIRTUALENV, LIVE, OLD)


@dataclass(frozen=True)
class Drift:
    """One way in which a host can drift."""

    name: str
    script: str
    """What brings it about: sh, as root on the host, after PRELUDE."""
    repaired_by: frozenset[str]
    """The operations that the plan has to have, and no other."""
    leaves: str = ""
    """A regular expression for what may differ afterwards from a host that never drifted."""
    breaks: bool = False
    """Whether visitors suffer: processes of Gunicorn's come and go, or the port has to be freed."""


def kind_of(operation: str) -> str:
    """The constant above that an operation's name belongs to; the name itself when none."""
    return next((name for name in NAMES if fnmatchcase(operation, name)), operation)


PRELUDE = r"""
set -eu
home=/home/fooproject
site=/etc/nginx/sites-available/default
program=/etc/supervisor/conf.d/fooproject.conf
release=$(readlink -f $home/fooproject)
virtualenv=$(readlink -f $release/virtualenv)
until_so() { for try in $(seq 400); do if eval "$1"; then return; fi; sleep 0.05; done; exit 9; }
whole() {
  [ $(pgrep -xc gunicorn) = 4 ] && [ $(children $(gunicorn) | wc -w) = 3 ] && running && answers
}
running() { supervisorctl status django 2>&1 | grep -q RUNNING; }
gunicorn() { supervisorctl pid django; }
children() { cat /proc/$1/task/$1/children; }
main_of() { systemctl show -P MainPID $1; }
answers() {
  python3 -c "from http.client import HTTPConnection as C; c = C('127.0.0.1'); \
    c.request('GET', '/health', headers={'Host': 'fooproject.se'}); \
    exit(c.getresponse().status != 200)" 2> /dev/null
}
restart() { supervisorctl restart django; until_so running; }
are_gone() { [ -z "$(ls -d $(printf '/proc/%s ' "$@") 2> /dev/null)" ]; }
reload_nginx() {
  before=$(children $(main_of nginx)); systemctl reload nginx; until_so "are_gone $before"
}
older_release() {
  older=$home/releases/0123456789ab-01234567
  cp -a $release $older
  sed -i 's/[0-9a-f]\{12\}-[0-9a-f]\{8\}/0123456789ab-01234567/g' $older/with-env $older/manage
}
"""


def drifts() -> Iterator[Drift]:
    """All of them."""
    yield from _files()
    yield from _folders()
    yield from _links()
    yield from _account()
    yield from _packages()
    yield from _services()
    yield from _what_runs()
    yield from _release()
    yield from _virtualenv()
    yield from _strays()
    yield from _leftovers()
    yield from _nothing_to_do()


def drift(
    name: str, script: str, *repaired_by: str, leaves: str = "", breaks: bool = False
) -> Drift:
    return Drift(name, script, frozenset(repaired_by), leaves, breaks)


# Every file, folder and symlink of root's, in every way

FILES = {
    "/etc/profile.d/fooproject.sh": (LOGIN,),
    "/etc/logrotate.d/fooproject": (LOGS,),
    "/etc/supervisor/supervisord.conf": (SUPERVISOR, LIVE),
    "/etc/supervisor/conf.d/fooproject.conf": (LIVE,),
    "/etc/systemd/system/nginx.service.d/out.of.memory.conf": (OUTLAST,),
    "/etc/systemd/system/supervisor.service.d/out.of.memory.conf": (OUTLAST,),
    "/etc/nginx/nginx.conf": (CONFIGURE, NGINX),
    "/etc/nginx/sites-available/default": (SITE, NGINX),
    "/usr/local/lib/fooproject/switch/takeover.py": (SWITCH,),
    "/usr/local/lib/fooproject/switch.json": (SWITCH,),
}
WAYS = {
    "absent": "rm {path}",
    "content": "echo '# by hand' >> {path}",
    "mode": "chmod 600 {path}",
    "owner": "chown deployer {path}",
    "group": "chgrp adm {path}",
    "a folder": "rm {path}; mkdir {path}; touch {path}/somebodys-work",
    "a symlink": "mv {path} /root/moved; ln -s /root/moved {path}",
}


def _files() -> Iterator[Drift]:
    for path, repaired_by in FILES.items():
        for way, script in WAYS.items():
            # systemd tells nothing of a unit while a folder is in a drop-in's place: more is then
            # planned than is left to do once that is mended.
            if way == "a folder" and repaired_by == (OUTLAST,):
                continue
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)


FOLDERS = {
    "/var/log/fooproject": (LOGS,),
    "/usr/local/lib/fooproject": (SWITCH,),
    "/usr/local/lib/fooproject/switch": (SWITCH,),
}
WAYS_OF_FOLDERS = {
    "mode": "chmod 777 {path}",
    "owner": "chown fooproject {path}",
    "group": "chgrp adm {path}",
}


def _folders() -> Iterator[Drift]:
    for path, repaired_by in FOLDERS.items():
        for way, script in WAYS_OF_FOLDERS.items():
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)
    for path in ("/usr/local/lib/fooproject", "/usr/local/lib/fooproject/switch"):
        yield drift(f"{path}: absent", f"rm -r {path}", SWITCH)
        yield drift(f"{path}: a file", f"rm -r {path}; touch {path}", SWITCH)
        yield drift(
            f"{path}: a symlink", f"mv {path} /root/moved; ln -s /root/moved {path}", SWITCH
        )
    # What has the logs open writes into files that nobody sees any more.
    logs = "/var/log/fooproject"
    yield drift(f"{logs}: absent", f"rm -r {logs}", LOGS, LIVE)
    yield drift(f"{logs}: a file", f"rm -r {logs}; touch {logs}", LOGS, LIVE)
    yield drift(
        f"{logs}: a symlink", f"mv {logs} /root/moved; ln -s /root/moved {logs}", LOGS, LIVE
    )
    yield drift(
        "/etc/nginx/sites-enabled: absent", "rm -r /etc/nginx/sites-enabled", CONFIGURE, NGINX
    )
    yield drift(
        "/etc/nginx/sites-available: absent", "rm -r /etc/nginx/sites-available", SITE, NGINX
    )
    yield drift(
        "/etc/nginx/conf.d: absent", "rm -r /etc/nginx/conf.d", NGINX, leaves="/etc/nginx/conf.d"
    )
    yield drift("/etc/supervisor/conf.d: absent", "rm -r /etc/supervisor/conf.d", LIVE)


LINKS = {
    "/etc/nginx/sites-enabled/default": (CONFIGURE, NGINX),
    "/home/fooproject/fooproject": (LIVE,),
    "/home/fooproject/.virtualenvs/fooproject": (LIVE,),
    "/home/fooproject/logs": (LOGS_LINK,),
}
WAYS_OF_LINKS = {
    "absent": "rm {path}",
    "elsewhere": "ln -sfn /tmp {path}",
    "a folder": "rm {path}; mkdir {path}; touch {path}/somebodys-work",
    "a file": "rm {path}; echo '# by hand' > {path}",
}


def _links() -> Iterator[Drift]:
    for path, repaired_by in LINKS.items():
        for way, script in WAYS_OF_LINKS.items():
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)
    yield drift(
        "~/fooproject: a copy of the release in its place",
        "rm $home/fooproject; cp -a $release $home/fooproject",
        LIVE,
    )


# The account


def _account() -> Iterator[Drift]:
    for name, script in {
        "home: mode": "chmod 700 $home",
        "home: open to all": "chmod 755 $home",
        "home: owner": "chown root $home",
        "home: group": "chgrp adm $home",
        "user: shell": "usermod -s /bin/sh fooproject",
        "user: without a group": "gpasswd -d fooproject nogroup",
        "user: without any group": "usermod -G '' fooproject",
        "user: with another group": "usermod -a -G adm fooproject",
        "user: home": "sed -i 's|:/home/fooproject:|:/srv:|' /etc/passwd",
    }.items():
        yield drift(name, script, USER)
    # Root touches with-env when it gives the files of the home their group again.
    yield drift("user: primary group", "usermod -g nogroup fooproject", USER, LIVE)
    yield drift("user: deleted", "userdel -f fooproject", USER)


def _packages() -> Iterator[Drift]:
    remove = "DEBIAN_FRONTEND=noninteractive apt-get -y -q remove"
    purge = "DEBIAN_FRONTEND=noninteractive apt-get -y -q purge"
    yield drift("package removed: nginx", f"{remove} nginx nginx-common", INSTALL, NGINX)
    yield drift(
        "package purged: nginx", f"{purge} nginx nginx-common", INSTALL, CONFIGURE, SITE, NGINX
    )
    yield drift("package removed: supervisor", f"{remove} supervisor", INSTALL, LIVE)
    yield drift("package purged: supervisor", f"{purge} supervisor", INSTALL, SUPERVISOR, LIVE)
    yield drift("package removed: virtualenvwrapper", f"{remove} virtualenvwrapper", INSTALL)
    yield drift("package removed: build-essential", f"{remove} build-essential", INSTALL)


# Services


def _services() -> Iterator[Drift]:
    for service, repaired_by in {"nginx": NGINX, "supervisor": LIVE}.items():
        for way, script in {
            "stopped": f"systemctl stop {service}",
            "disabled": f"systemctl disable {service}",
            "masked": f"systemctl mask {service}",
            "stopped and masked": f"systemctl mask --now {service}",
            "stopped and disabled": f"systemctl disable --now {service}",
        }.items():
            yield drift(f"{service}: {way}", script, repaired_by)
    # systemd ends its workers.
    gone = "until_so '! pgrep -x nginx > /dev/null'"
    yield drift("nginx: master killed", f"kill -9 $(main_of nginx); {gone}", NGINX)
    yield drift(
        "nginx: workers killed",
        "main=$(main_of nginx); kill -9 $(children $main); until_so answers",
    )
    yield drift(
        "nginx: everything killed",
        f"main=$(main_of nginx); kill -9 $main $(children $main); {gone}",
        NGINX,
    )
    killed = "kill -9 $(main_of supervisor); until_so '! systemctl -q is-active supervisor'"
    yield drift(
        "supervisord: killed, Gunicorn goes on",
        killed,
        LIVE,
    )
    yield drift(
        "supervisord: killed and back, Gunicorn still the old one's",
        f"{killed}; systemctl restart supervisor; sleep 2",
        LIVE,
        breaks=True,
    )
    # Its workers notice within half of Gunicorn's timeout, or once they have answered somebody, and
    # hold its address until then.
    yield drift(
        "Gunicorn: master killed",
        "old=$(gunicorn); kill -9 $old; until_so '[ ! -d /proc/$old ]'; until_so 'answers; whole'",
    )
    yield drift(
        "Gunicorn: a worker killed",
        "old=$(children $(gunicorn)); old=${old%% *}; kill -9 $old; until_so 'are_gone $old';"
        " until_so whole",
    )
    yield drift(
        "Gunicorn: everything killed",
        "old=$(gunicorn); kill -9 $old $(children $old); until_so 'are_gone $old'; until_so whole",
    )
    yield drift("Gunicorn: stopped", "supervisorctl stop django", LIVE)
    yield drift("Gunicorn: restarted", "restart")


# What runs is not what is declared


def _what_runs() -> Iterator[Drift]:
    yield drift(
        "nginx runs a hand edit that was changed back",
        "cp -p $site /root/kept; sed -i s/50M/1M/ $site; reload_nginx; cp -p /root/kept $site",
        NGINX,
    )
    yield drift("nginx runs a hand edit", "sed -i s/50M/1M/ $site; reload_nginx", SITE, NGINX)
    yield drift(
        "nginx: a file changed and changed back without a reload",
        "cp -p $site /root/kept; echo '#' >> $site; cp -p /root/kept $site",
        NGINX,
    )
    yield drift(
        "the program: a file with a clock in the future", "touch -d '+1 year' $program", LIVE
    )
    yield drift("nginx: a file with a clock in the future", "touch -d '+1 year' $site", NGINX)
    yield drift(
        "nginx started by hand, outside of systemd",
        "systemctl stop nginx; nginx -g 'daemon on; master_process on;' > /dev/null 2>&1",
        NGINX,
        breaks=True,
    )
    yield drift(
        "the program edited by hand, updated, and changed back",
        "cp -p $program /root/kept; sed -i 's/-w 3/-w 5/' $program; supervisorctl update;"
        " until_so running; cp -p /root/kept $program",
        LIVE,
    )
    yield drift(
        "the program edited by hand and updated",
        "sed -i 's/-w 3/-w 5/' $program; supervisorctl update; until_so running",
        LIVE,
    )
    yield drift(
        "the program edited, updated with its own name and number, and changed back",
        "cp -p $program /root/kept; sed -i 's/autorestart=true/autorestart=false/' $program;"
        " supervisorctl update; until_so running; cp -p /root/kept $program",
        LIVE,
    )
    yield drift(
        "supervisord runs a hand edit that was changed back",
        "cp -p /etc/supervisor/supervisord.conf /root/kept;"
        " sed -i s/0770/0700/ /etc/supervisor/supervisord.conf; systemctl restart supervisor;"
        " until_so running; cp -p /root/kept /etc/supervisor/supervisord.conf",
        SOCKET,
        LIVE,
    )
    yield drift(
        "supervisord: a file with a clock in the future",
        "touch -d '+1 year' /etc/supervisor/supervisord.conf",
        LIVE,
    )
    yield drift(
        "Gunicorn runs an old environment",
        "cp -p $release/with-env /root/kept;"
        " sed -i 's/a secret for tests alone/an old secret/' $release/with-env;"
        " restart; cp -p /root/kept $release/with-env",
        LIVE,
    )
    yield drift(
        "Gunicorn started by hand on the port",
        "supervisorctl stop django; cd $home/fooproject/src;"
        " setsid runuser -u fooproject -- $home/fooproject/with-env"
        " $virtualenv/bin/gunicorn -w 1 fooproject.wsgi > /dev/null 2>&1 < /dev/null &"
        " until_so answers",
        LIVE,
    )
    yield drift(
        "Gunicorn by hand on the port, and Supervisor in vain",
        "supervisorctl stop django; cd $home/fooproject/src;"
        " setsid runuser -u fooproject -- $home/fooproject/with-env"
        " $virtualenv/bin/gunicorn -w 1 fooproject.wsgi > /dev/null 2>&1 < /dev/null &"
        " until_so answers; supervisorctl start django || true; sleep 2",
        LIVE,
        breaks=True,
    )
    yield drift(
        "~/fooproject leads to another release",
        "older_release; ln -sfn releases/0123456789ab-01234567 $home/fooproject",
        LIVE,
        leaves="releases/0123456789ab-01234567",
    )
    yield drift(
        "another release is being served",
        "older_release; ln -sfn releases/0123456789ab-01234567 $home/fooproject; restart",
        LIVE,
        leaves="releases/0123456789ab-01234567",
    )
    yield drift(
        "another release is being served, and the symlink changed back",
        "older_release; ln -sfn releases/0123456789ab-01234567 $home/fooproject; restart;"
        " runuser -u fooproject -- ln -sfn releases/${release##*/} $home/fooproject",
        LIVE,
        leaves="releases/0123456789ab-01234567",
    )


# A release and its virtualenv

BREAKING = {
    "a source file deleted",
    "src leads elsewhere",
    "src absent",
    "its folder emptied",
    "half deleted",
    "a package removed with pip",
    "a package of another version",
    "bin/python leads nowhere",
}
"""What a worker trips over when it imports a module for its first visitor."""


def _release() -> Iterator[Drift]:
    for name, script in {
        "with-env: absent": "rm $release/with-env",
        "with-env: content": "sed -i 's/a secret/no secret/' $release/with-env",
        "with-env: mode": "chmod 644 $release/with-env",
        "with-env: owner": "chown root $release/with-env",
        "with-env: a folder": "rm $release/with-env; mkdir $release/with-env",
        "with-env: a symlink": "mv $release/with-env /root/m; ln -s /root/m $release/with-env",
        "manage: absent": "rm $release/manage",
        "manage: content": "echo '# by hand' >> $release/manage",
        "manage: mode": "chmod 777 $release/manage",
    }.items():
        yield drift(name, script, ENVIRONMENT, LIVE)
    for name, script in {
        "a source file edited": "echo '# by hand' >> $release/src/fooproject/urls.py",
        "a source file deleted": "rm $release/src/guestbook/forms.py",
        "a source file's mode": "chmod 666 $release/src/guestbook/forms.py",
        "a source file's owner": "chown root $release/src/guestbook/forms.py",
        "a source file with a clock in the future": "touch -d '+1 year' $release/src/manage.py",
        "a static file deleted": "rm $release/src/static/guestbook/style.css",
        "a static file edited": "echo 'p {}' >> $release/src/static/guestbook/style.css",
        "static files out of Nginx's reach": "chmod 700 $release/src/static",
        "all static files deleted": "rm -r $release/src/static",
        "src leads elsewhere": "ln -sfn /tmp $release/src",
        "src absent": "rm $release/src",
        "a shared path is a folder of its own": "rm $release/src/data; mkdir $release/src/data",
        # Among static files, of which none is anybody's only copy.
        "files of root's in it": "cd $release/src; rm manage.py; mkdir -p static/a/__pycache__;"
        " touch static/a/file static/a/__pycache__/file",
        "its folder emptied": "rm -rf $release/* $release/.built $release/.unpacked",
        "its mark that it is whole, gone": "rm $release/.built",
        "out of Nginx's reach": "chmod 700 $release",
    }.items():
        yield drift(f"release: {name}", script, *REBUILD, breaks=name in BREAKING)
    gone = set(REBUILD) - {OLD}
    yield drift("release: its folder absent", "rm -r $release", *gone, breaks=True)
    yield drift("release: a file", "rm -r $release; touch $release", *REBUILD, breaks=True)
    yield drift("release: all absent", "rm -r $home/releases", *gone, breaks=True)
    # The process has read the script, and so whatever touches it makes the process old.
    yield drift("with-env: group", "chgrp adm $release/with-env", LIVE, leaves="with-env")
    yield drift("release: its mark that it migrated, gone", "rm $release/.migrated", MIGRATE)
    yield drift("all releases out of Nginx's reach", "chmod 700 $home/releases", USER)
    yield drift(
        "release: its virtualenv link leads elsewhere", "ln -sfn /tmp $release/virtualenv", LIVE
    )
    yield drift("release: its virtualenv link absent", "rm $release/virtualenv", LIVE)


def _virtualenv() -> Iterator[Drift]:
    as_user = "runuser -u fooproject --"
    packages = "$virtualenv/lib/python3*/site-packages"
    for name, script in {
        "half deleted": f"rm -r {packages}/django/db",
        "a package removed with pip": f"{as_user} $virtualenv/bin/pip uninstall -q -y sqlparse",
        "a package added with pip": f"{as_user} $virtualenv/bin/pip install -q idna",
        "a package of another version": f"{as_user} $virtualenv/bin/pip install -q Django==5.2.1",
        "bin/gunicorn gone": "rm $virtualenv/bin/gunicorn",
        "bin/gunicorn not executable": "chmod 600 $virtualenv/bin/gunicorn",
        "bin/python leads nowhere": "ln -sfn /nowhere $virtualenv/bin/python",
        "pyvenv.cfg gone": "rm $virtualenv/pyvenv.cfg",
        "its mark that it is whole, gone": "rm $virtualenv/.built",
        "its bytecode gone": "find $virtualenv -name __pycache__ -exec rm -r {} +",
    }.items():
        yield drift(f"virtualenv: {name}", script, *REBUILD_VIRTUALENV, breaks=name in BREAKING)
    yield drift("virtualenv: absent", "rm -r $virtualenv", VIRTUALENV, LIVE, breaks=True)
    yield drift("virtualenv: all absent", "rm -r $home/.virtualenvs", VIRTUALENV, LIVE, breaks=True)


# What stands beside ours


def _strays() -> Iterator[Drift]:
    enabled, conf = "/etc/nginx/sites-enabled", "/etc/nginx/conf.d"

    def stray(path: str, name: str, parameter: str = "") -> str:
        text = f"server {{ listen 80{parameter}; server_name {name}; return 404; }}"
        return f"echo '{text}' > {path}"

    yield drift(
        "a stray site with our name, loaded",
        f"{stray(f'{enabled}/a-copy', 'fooproject.se')}; reload_nginx",
        OTHER_SITES,
        NGINX,
    )
    yield drift(
        "a stray site with our name, not loaded",
        stray(f"{enabled}/z-copy", "www.example.com fooproject.se"),
        OTHER_SITES,
        NGINX,
    )
    yield drift(
        "a stray site that is the default too, so that Nginx cannot reload",
        stray(f"{enabled}/a-copy", "_", " default_server"),
        OTHER_SITES,
        NGINX,
    )
    yield drift(
        "the same in conf.d", stray(f"{conf}/a.conf", "_", " default_server"), OTHER_SITES, NGINX
    )
    yield drift(
        "our site enabled twice",
        f"ln -s {enabled.replace('enabled', 'available')}/default {enabled}/fooproject",
        OTHER_SITES,
        NGINX,
    )
    yield drift(
        "a stray file in conf.d that Nginx cannot read", f"echo 'no {{' > {conf}/a.conf", NGINX
    )
    yield drift(
        "the same, and Nginx is down",
        f"echo 'no {{' > {conf}/a.conf; systemctl stop nginx",
        NGINX,
    )
    yield drift(
        "somebody's own site beside ours, loaded",
        f"{stray(f'{enabled}/other', 'other.example')}; reload_nginx",
        leaves=f"{enabled}/other",
    )
    yield drift(
        "somebody's own site beside ours, not loaded",
        stray(f"{enabled}/other", "other.example"),
        NGINX,
        leaves=f"{enabled}/other",
    )
    other = "[program:%s]\\ncommand=/bin/sleep 1d\\n"
    folder = "/etc/supervisor/conf.d"
    yield drift(
        "a stray program with our name, before ours",
        f"printf '{other % 'django'}' > {folder}/a.conf",
        OTHER_PROGRAMS,
    )
    yield drift(
        "a stray program with our name, loaded",
        f"printf '{other % 'django'}' > {folder}/z.conf; supervisorctl update; until_so running",
        OTHER_PROGRAMS,
        LIVE,
    )
    yield drift(
        "somebody's own program beside ours",
        f"printf '{other % 'other'}' > {folder}/other.conf; supervisorctl update;"
        " until_so 'supervisorctl status other | grep -q RUNNING'",
        leaves=f"{folder}/other.conf|sleep 1d|other-std",
    )


def _leftovers() -> Iterator[Drift]:
    upstream = "/etc/nginx/conf.d/fooproject-understudy.conf"
    sockets = "/var/lib/fooproject-understudy"
    understudy = f"""
mkdir -p {sockets}; chown fooproject {sockets}; chmod 711 {sockets}
systemd-run -q --unit=fooproject.understudy-1 -p User=fooproject -p WorkingDirectory=$release/src \
  $release/with-env $virtualenv/bin/gunicorn -w 3 -b unix:{sockets}/1.sock fooproject.wsgi
until_so '[ $(children $(main_of fooproject.understudy-1) | wc -w) = 3 ]'
"""
    point = f"""
echo 'upstream fooproject-understudy {{ server unix:{sockets}/1.sock; }}' > {upstream}
sed -i 's|proxy_pass [^;]*|proxy_pass http://fooproject-understudy|' $site
"""
    yield drift(
        "left by a switch: an upstream's file",
        f"echo 'upstream fooproject-understudy {{ server 127.0.0.1:8000; }}' > {upstream}",
        LIVE,
    )
    yield drift("left by a switch: a folder of sockets", f"mkdir {sockets}", LIVE)
    yield drift("left by a switch: an understudy", understudy, LIVE)
    yield drift(
        "left by a switch: an understudy that has no folder", f"{understudy} rm -r {sockets}", LIVE
    )
    yield drift(
        "left by a switch: an understudy with the visitors",
        f"{understudy} {point} reload_nginx",
        LIVE,
    )
    yield drift(
        "left by a switch: visitors sent to it, Nginx not reloaded", f"{understudy} {point}", LIVE
    )
    yield drift(
        "left by a switch: an understudy with the visitors, and Gunicorn stopped",
        f"{understudy} {point} reload_nginx; supervisorctl stop django",
        LIVE,
    )
    yield drift(
        "left by a switch: an understudy that has ended",
        f"{understudy} {point} reload_nginx; systemctl stop fooproject.understudy-1",
        LIVE,
    )
    yield drift(
        "supervisord is stopped by a signal", "kill -STOP $(cat /run/supervisord.pid)", CONTINUE
    )
    yield drift("Supervisor's socket absent", "rm /run/supervisor.sock", LIVE)
    yield drift("Supervisor's socket: mode", "chmod 700 /run/supervisor.sock", SOCKET)
    yield drift("Supervisor's socket: owner", "chown root /run/supervisor.sock", SOCKET)
    yield drift("Supervisor's socket: group", "chgrp root /run/supervisor.sock", SOCKET)
    for unit in ("nginx", "supervisor"):
        path = f"/etc/systemd/system/{unit}.service.d/out.of.memory.conf"
        yield drift(
            f"{unit} would not outlast a process",
            f"mv {path} /root/kept; systemctl daemon-reload; cp -p /root/kept {path}",
            OUTLAST,
        )
    yield drift("Nginx's pid file absent", "rm /run/nginx.pid", NGINX)
    yield drift("Nginx's pid file empty", ": > /run/nginx.pid", NGINX)
    yield drift("Nginx's pid file of another process", "echo 1 > /run/nginx.pid", NGINX)


def _nothing_to_do() -> Iterator[Drift]:
    for name, script in {
        "nothing": ":",
        "nginx reloaded": "reload_nginx",
        "nginx restarted": "systemctl restart nginx",
        "supervisor restarted": "systemctl restart supervisor; until_so running",
        "a file of root's, its time alone": "touch -d '+1 year' /etc/logrotate.d/fooproject",
        "the script, its time alone": "touch /usr/local/lib/fooproject/switch/takeover.py",
        "a file beside the source": "touch $release/src/made-by-the-project",
        "bytecode": "find $release/src -name __pycache__ -exec rm -r {} +",
    }.items():
        yield drift(f"no drift: {name}", script, leaves="made-by-the-project")


DRIFTS = list(drifts())
