"""Programs beside the site that libraries of the project's need, and the servers they talk to."""

import re

from stack.looking.finding import celery
from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names

# By what INSTALLED_APPS have, as each library's own manual says.
OF_APPS = {
    "background_task": ("tasks", "manage.py process_tasks"),
    "django_dramatiq": ("dramatiq", "manage.py rundramatiq"),
    "django_q": ("qcluster", "manage.py qcluster"),
    "django_tasks.backends.database": ("tasks", "manage.py db_worker"),
    "huey.contrib.djhuey": ("huey", "manage.py run_huey"),
    "procrastinate.contrib.django": ("procrastinate", "manage.py procrastinate worker"),
}
RQ = "django_rq"

HERE = r"(localhost|127\.0\.0\.1)"
SERVERS = {
    "redis-server": (
        "Redis",
        rf"rediss?://([^@/\s]*@)?{HERE}|{HERE}\W{{1,4}}6379|'{HERE}', 'PORT': '?6379",
    ),
    "memcached": ("memcached", rf"{HERE}\W{{1,4}}11211"),
    "rabbitmq-server": ("RabbitMQ", rf"amqps?://([^@/\s]*@)?{HERE}"),
}
"""Debian's packages, what they are called, and what settings have that look for them here."""
USE_REDIS = {"channels-redis", "django-redis", "django-rq", "redis"}
"""Packages of PyPI's."""


def find(project: Project, names: Names, needs: Dependencies, found: Found) -> None:
    """Find the setting programs, and what extra_packages and shared have to have for it."""
    apps = [one for one in names.sequence("INSTALLED_APPS") if isinstance(one, str)]
    programs: dict[str, object] = {}
    for app, (name, command) in OF_APPS.items():
        if any(one == app or one.startswith(f"{app}.") for one in apps):
            programs[name] = command
            found.say("programs", f"the apps have {app}")
    if RQ in apps:
        programs["rqworker"] = f"manage.py rqworker {_queues(names)}"
        found.say("programs", f"the apps have {RQ}")
    brought = any("celery" in its.extras for its in needs.its.values())
    if "celery" in needs.its or brought or not needs.are_known:
        programs |= celery.find(project, names, needs, found)
    if programs:
        found.set("programs", programs)
    _servers(names, needs, found)


def _queues(names: Names) -> str:
    content = names.content("RQ_QUEUES")
    queues = content if isinstance(content, dict) else {}
    plain = [one for one in queues if isinstance(one, str) and re.fullmatch(r"[\w.-]+", one)]
    return " ".join(plain) or "default"


def _servers(names: Names, needs: Dependencies, found: Found) -> None:
    text = "\n".join(str(value.content) for value in names.own.values())
    here = [package for package, (_, pattern) in SERVERS.items() if re.search(pattern, text)]
    for package in here:
        name = SERVERS[package][0]
        found.add("extra_packages", [package], f"the settings look for {name} on this server")
    if "redis-server" in here:
        return
    if USE_REDIS & {*needs.its} or "redis" in _extras_of_celery(needs):
        word = '"redis-server" in here brings one to this server, at redis://127.0.0.1:6379/0'
        found.say("extra_packages", f"the project uses Redis: {word}")


def _extras_of_celery(needs: Dependencies) -> set[str]:
    celery = needs.its.get("celery")
    return {*celery.extras} if celery else set()
