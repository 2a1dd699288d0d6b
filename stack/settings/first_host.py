"""What the inventory's first app host does for all, and others ask for."""

from collections.abc import Iterator, Mapping

from stack.settings.model import Settings
from stack.settings.problem import Problem, shown


def first_host_problems(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """What no host would do, as the one that is to do it once has other settings.

    Args:
        settings: of the app hosts, by name, in the inventory's order.
    """
    for host, its in settings.items():
        first, firsts = next(iter(settings.items()))
        if its.migrate == "once" and firsts.migrate != "once":
            text = (
                f'migrate = "once": {first} would do it, as the first app host, but has '
                f"migrate = {shown(firsts.migrate)}; expected one value for all of them"
            )
            yield Problem("migrate", text, (host,))
        for setting in ("programs", "schedules"):
            for name, one in getattr(its, setting).items():
                if one.hosts == "once" and name not in getattr(firsts, setting):
                    text = (
                        f'{setting}["{name}"]: {first} would run it, as the first app host, '
                        'but does not have it; expected it there, or "hosts": "each"'
                    )
                    yield Problem(setting, text, (host,))
