"""Settings that would do nothing on any app host, for want of another one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from stack.settings.model import Settings
from stack.settings.paths import PYTHON_VERSION
from stack.settings.problem import Problem, shown


@dataclass(frozen=True)
class Idle:
    """A setting, what has it do something on a host, and what to say where nothing does."""

    name: str
    works: Callable[[Settings], object]
    otherwise: str


IDLE = (
    Idle("python_mirror", lambda its: PYTHON_VERSION.fullmatch(its.python), "a version in python"),
    Idle("build_env", lambda its: its.build, "build"),
    Idle("dump_before_migrate", lambda its: its.migrate != "off", 'migrate, which is "off"'),
    Idle("media_url", lambda its: its.media_root, "media_root"),
)
OF_MIGRATE = ("first_migration", "after_migrate")


def idle_settings(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Those that hosts have and none can use: what all hosts share may be for some of them.

    Args:
        settings: of the app hosts, by name.
    """
    for one in IDLE:
        if any(map(one.works, settings.values())):
            continue
        for host, its in settings.items():
            value = getattr(its, one.name)
            if value != Settings.model_fields[one.name].default:
                text = f"{one.name} = {shown(_written(value))}: has no effect without "
                yield Problem(one.name, f"{text}{one.otherwise}", (host,))
    if all(its.migrate == "off" for its in settings.values()):
        for host, its in settings.items():
            for step in sorted({*OF_MIGRATE} & {*its.commands}):
                text = f'commands["{step}"]: has no effect without migrate, which is "off"'
                yield Problem("commands", text, (host,))


def _written(value: object) -> object:
    """As a person writes it."""
    return [*value] if isinstance(value, tuple) else value
