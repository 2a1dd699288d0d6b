"""Celery: its app, the programs that run it, and the broker that these talk to."""

import ast
import re
from collections.abc import Iterator, Sequence
from posixpath import basename

from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.found import Found
from stack.looking.finding.moving import of_debug
from stack.looking.project import ASIDE, Project
from stack.looking.reading.parsing import parsed
from stack.looking.reading.values import Names

BEAT = "django_celery_beat"
BEATS = ("CELERY_BEAT_SCHEDULE", "CELERYBEAT_SCHEDULE")
FILES = ("celery.py", "celery_app.py", "celeryapp.py")
MAKES = "Celery("
BROKER = re.compile(r"(CELERY_)?BROKER_URL")
PLACE = re.compile(r"BROKER|URL|REDIS|AMQP|RABBIT|HOST")
EXAMPLE = re.compile(r"[^/]*env[^/]*(example|sample|template|dist)[^/]*|[^/]*example[^/]*env")
"""Of the variables that the project needs, with values."""


def find(project: Project, names: Names, needs: Dependencies, found: Found) -> dict[str, object]:
    """What has to run of it, for the setting programs, and what is to be known of its broker."""
    for path in _apps(project):
        # Celery itself looks for a module of its name in a package.
        if module := project.module_of(path).removesuffix(".celery"):
            found.say("programs", f"{path} makes an app of Celery's")
            _tell_broker(project, names, project.text(path), found)
            command = f"celery -A {module}"
            its = _beat(command, names, "beat_schedule" in project.text(path), found)
            return {"worker": f"{command} worker --loglevel INFO", **its}
    if "celery" in needs.its:
        word = "celery is required, and which module makes its app is not to be found by reading"
        found.say("programs", f'{word}: a worker is "celery -A MODULE worker --loglevel INFO"')
    return {}


def _apps(project: Project) -> Iterator[str]:
    """Files that make an app: those of the usual names first, the uppermost of them before."""
    there = [path for path in project.paths if path.endswith(".py") and not ASIDE.search(path)]
    there.sort(key=lambda path: (path.count("/"), path))
    usual = [path for path in there if basename(path) in FILES]
    packages = [path for path in there if basename(path) == "__init__.py"]
    others = [one for path in packages for one in [*_imported(project, path), path]]
    yield from (path for path in [*usual, *others] if MAKES in project.text(path))


def _imported(project: Project, path: str) -> Iterator[str]:
    """Files of the modules that a package imports from, where it speaks of Celery."""
    text, package = project.text(path), project.module_of(path)
    if "celery" not in text.lower() or not package:
        return
    try:
        body = parsed(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.level < 2:
            above = f"{package}." if node.level else ""
            if file := project.file_of(f"{above}{node.module or node.names[0].name}"):
                yield file


def _beat(command: str, names: Names, has_schedule: bool, found: Found) -> dict[str, object]:
    """The program that sends what has its time; of several hosts, one may."""
    if BEAT in names.sequence("INSTALLED_APPS"):
        beat = f"{command} beat --scheduler django"
    elif has_schedule or any(map(names.get, BEATS)):
        # When each was sent last has to outlive the release.
        beat = f"{command} beat --schedule celerybeat/schedule"
        found.add("shared", ["celerybeat"])
    else:
        return {}
    return {"beat": {"command": beat, "hosts": "once"}}


def _tell_broker(project: Project, names: Names, app: str, found: Found) -> None:
    """Say what a worker needs that would find none."""
    brokers = [value for name, value in names.own.items() if BROKER.fullmatch(name)]
    if not brokers and not re.search(r"broker", app, re.IGNORECASE):
        word = "the settings name no broker, and a worker then looks for RabbitMQ on this server"
        found.say("programs", f'{word}: "rabbitmq-server" in extra_packages brings that')
    for value in brokers:
        variables = sorted(value.variables - of_debug(names) - {*found.env})
        # Others may say whether there is to be one at all.
        variables = [one for one in variables if PLACE.search(one)] or variables
        if variables and (value.content in (None, "") or not value.is_known):
            word = f"the worker has no broker without {' and '.join(variables)} in env"
            if _are_redis(project, variables):
                word += ': redis://127.0.0.1:6379/0 with "redis-server" in extra_packages'
            found.say("programs", word)


def _are_redis(project: Project, variables: Sequence[str]) -> bool:
    """Whether an example of the project's environment has one at Redis."""
    paths = [path for path in project.source.paths() if EXAMPLE.fullmatch(basename(path))]
    text = b"\n".join(project.source.read(path) or b"" for path in paths).decode(errors="replace")
    names = "|".join(map(re.escape, variables))
    return bool(re.search(rf"^(export )?({names})\s*=\s*[\"']?rediss?://", text, re.MULTILINE))
