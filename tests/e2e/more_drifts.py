"""The same for a host that has what a project may ask for beside the article's system."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from tests.e2e.drifts import (
    NGINX,
    SITE,
    WAYS,
    WAYS_OF_FOLDERS,
    WAYS_OF_LINKS,
    Drift,
    drift,
    kind_of,
)

LONG_NAME = "the-name-that-it-had-before-it-had-a-short-one.example"
"""Longer than Nginx has room for by itself."""
SETTINGS: dict[str, object] = {
    "tls": "acme",
    "redirect_names": [LONG_NAME],
    "nginx_server": "location = /robots.txt { return 204; }",
    "unavailable_page": "<!doctype html><title>It will be back</title>\n",
    "schedules": {"say": {"command": "true", "when": "yearly"}},
    "programs": {"worker": {"command": "sleep 1000"}},
    "firewall": True,
    "automatic_updates": True,
}

RECORD = "Server | Write down what is asked of it"
UPDATES = "Server | Install security updates every day"
FIREWALL = "Firewall | Let in nobody but to SSH and what is served"
READY = "HTTPS | Be ready to certify *"
BEGIN = "HTTPS | Have a certificate to begin with"
CERTIFIED = "HTTPS | Have * certified"
WORKER = "Programs | Run worker"
OTHER_WORKERS = "Programs | Remove those that are no longer declared"
SCHEDULE = "Schedules | Run say *"
OTHER_SCHEDULES = "Schedules | Remove those that are no longer declared"
CLOSE = "Maintenance | Close *"
CLOSED = "Maintenance | Run Nginx with it"
NAMES = (
    *(RECORD, UPDATES, FIREWALL, READY, BEGIN, CERTIFIED, WORKER, OTHER_WORKERS),
    *(SCHEDULE, OTHER_SCHEDULES, CLOSE, CLOSED),
)


def more_kind_of(operation: str) -> str:
    """The constant above, or of the other drifts, that an operation's name belongs to."""
    return next((name for name in NAMES if fnmatchcase(operation, name)), kind_of(operation))


def more_drifts() -> Iterator[Drift]:
    """All of them."""
    yield from _files()
    yield from _folders()
    yield from _certificates()
    yield from _units()
    yield from _rules()
    yield from _nothing_to_do()


FILES = {
    "/etc/letsencrypt/renewal-hooks/deploy/fooproject": (READY,),
    "/etc/nginx/snippets/fooproject-acme.conf": (READY, NGINX),
    "/etc/nginx/snippets/fooproject-server.conf": (SITE, NGINX),
    "/etc/nginx/conf.d/server-names.conf": (SITE, NGINX),
    "/var/lib/fooproject-pages/unavailable.html": (SITE,),
    "/etc/systemd/system/fooproject.schedule-say.service": (SCHEDULE,),
    "/etc/systemd/system/fooproject.schedule-say.timer": (SCHEDULE,),
    "/etc/supervisor/conf.d/fooproject-worker.conf": (WORKER,),
    "/etc/django-stack/firewall.nft": (FIREWALL,),
    "/etc/django-stack/firewall.d/fooproject.nft": (FIREWALL,),
    "/etc/systemd/system/django-stack-firewall.service": (FIREWALL,),
    "/etc/apt/apt.conf.d/60django-stack": (UPDATES,),
    "/usr/local/lib/fooproject/server.json": (RECORD,),
}


def _files() -> Iterator[Drift]:
    for path, repaired_by in FILES.items():
        for way, script in WAYS.items():
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)


FOLDERS = {
    "/etc/ssl/fooproject": (READY,),
    "/var/lib/fooproject-acme": (READY,),
    "/var/lib/fooproject-pages": (SITE,),
}


def _folders() -> Iterator[Drift]:
    for path, repaired_by in FOLDERS.items():
        for way, script in WAYS_OF_FOLDERS.items():
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)
    yield drift("the folder of challenges: absent", "rm -r /var/lib/fooproject-acme", READY)
    yield drift("the folder of pages: absent", "rm -r /var/lib/fooproject-pages", SITE)
    yield drift("the firewall's folder: absent", "rm -r /etc/django-stack", FIREWALL)
    yield drift(
        "the hooks' folder: absent",
        "rm -r /etc/letsencrypt/renewal-hooks",
        READY,
        leaves="/etc/letsencrypt/renewal-hooks/(pre|post)",
    )
    yield drift(
        "the snippets' folder: absent",
        "rm -r /etc/nginx/snippets",
        SITE,
        READY,
        NGINX,
        leaves="/etc/nginx/snippets/(fastcgi-php|snakeoil)",
    )


def _certificates() -> Iterator[Drift]:
    folder, lineage = "/etc/ssl/fooproject", "/etc/letsencrypt/live/fooproject"
    for way, script in WAYS_OF_LINKS.items():
        path = f"{folder}/current"
        yield drift(f"{path}: {way}", script.format(path=path), BEGIN, NGINX)
    yield drift("certificate: its mark of a CA's gone", f"rm {folder}/trusted", CERTIFIED)
    yield drift(
        "certificate: all of ours gone",
        f"rm -r {folder}",
        READY,
        BEGIN,
        NGINX,
        leaves=f"{folder}/(own|issued)",
    )
    yield drift(
        "certificate: the host's own is served again",
        f"ln -sfn own {folder}/current; reload_nginx",
        CERTIFIED,
    )
    asked_anew = "/etc/letsencrypt|/etc/ssl/fooproject/issued|/var/log/letsencrypt"
    yield drift(
        "certbot: what it renews by, gone",
        "rm /etc/letsencrypt/renewal/fooproject.conf",
        CERTIFIED,
        leaves=asked_anew,
    )
    yield drift(
        "certbot: everything gone", "rm -r /etc/letsencrypt", READY, BEGIN, leaves=asked_anew
    )
    yield drift("certbot: its files' folder gone", f"rm -r {lineage}", BEGIN, leaves=asked_anew)


UNITS = {
    "certbot.timer": CERTIFIED,
    "fooproject.schedule-say.timer": SCHEDULE,
    "apt-daily.timer": UPDATES,
    "django-stack-firewall.service": FIREWALL,
}


def _units() -> Iterator[Drift]:
    for unit, repaired_by in UNITS.items():
        for way, script in {
            "stopped": f"systemctl stop {unit}",
            "disabled": f"systemctl disable -q {unit}",
            "stopped and disabled": f"systemctl disable -q --now {unit}",
        }.items():
            yield drift(f"{unit}: {way}", script, repaired_by)
    yield drift(
        "a schedule that is none",
        "cd /etc/systemd/system; cp fooproject.schedule-say.timer fooproject.schedule-old.timer;"
        " cp fooproject.schedule-say.service fooproject.schedule-old.service;"
        " systemctl daemon-reload; systemctl enable -q --now fooproject.schedule-old.timer",
        OTHER_SCHEDULES,
    )
    program = "/etc/supervisor/conf.d/fooproject"
    yield drift("a worker: stopped", "supervisorctl stop worker", WORKER)
    yield drift(
        "a worker that is none",
        f"sed s/:worker/:old/ {program}-worker.conf > {program}-old.conf; supervisorctl update",
        OTHER_WORKERS,
    )


def _rules() -> Iterator[Drift]:
    rule = "inet django_stack projects tcp dport 9000 accept"
    for name, script in {
        "one more": f"nft add rule {rule}",
        "those of projects gone": "nft flush chain inet django_stack projects",
        "all gone": "nft delete table inet django_stack",
        "a flush of everybody's": "nft flush ruleset",
    }.items():
        yield drift(f"the firewall's live rules: {name}", script, FIREWALL)


def _nothing_to_do() -> Iterator[Drift]:
    for name, script in {
        "nothing": ":",
        "rules of somebody else's": "nft add table ip persons",
        "renewed": "certbot -q renew --force-renewal --no-random-sleep-on-renew",
        "a schedule has run": "systemctl start fooproject.schedule-say",
        "a worker restarted": "supervisorctl restart worker",
    }.items():
        yield drift(f"no drift: {name}", script, leaves="/etc/letsencrypt|persons|schedule-say")


MORE_DRIFTS = list(more_drifts())


# A closed site

CLOSED_FILES = {
    "/etc/nginx/snippets/fooproject-maintenance.conf": (CLOSE, CLOSED),
    "/var/lib/fooproject-pages/maintenance.html": (CLOSE,),
}


def closed_drifts() -> Iterator[Drift]:
    """What becomes of what maintenance.py has put on a host."""
    for path, repaired_by in CLOSED_FILES.items():
        for way, script in WAYS.items():
            yield drift(f"{path}: {way}", script.format(path=path), *repaired_by)
    for way, script in WAYS_OF_FOLDERS.items():
        path = "/var/lib/fooproject-pages"
        yield drift(f"{path}: {way}", script.format(path=path), CLOSE)
    snippet = "/etc/nginx/snippets/fooproject-maintenance.conf"
    yield drift("opened by hand", f": > {snippet}; reload_nginx", CLOSE, CLOSED)
    yield drift("not read by Nginx", f"cp -p {snippet} /root/new; mv /root/new {snippet}", CLOSED)
    yield drift("Nginx down", "systemctl stop nginx", CLOSED)
    yield drift("no drift: Nginx reloaded", "reload_nginx")


CLOSED_DRIFTS = list(closed_drifts())
