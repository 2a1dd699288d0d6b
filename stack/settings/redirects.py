"""Names that lead to the site's first."""

from collections.abc import Iterator, Mapping

from stack.settings.model import Settings
from stack.settings.network import is_address
from stack.settings.problem import Problem, shown
from stack.settings.server_names import claimed


def redirect_problems(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Names that lead nowhere, or in a circle."""
    for host, its in settings.items():
        if not its.redirect_names:
            continue
        first = its.server_name[0]
        if set("*_[") & set(first) or first.startswith(".") or is_address(first):
            text = f"server_name = {shown(first)}: redirect_names redirect to it; expected one name"
            yield Problem("server_name", f"{text}, such as example.com, as the first", (host,))
        own = claimed(its.server_name)
        for name in its.redirect_names:
            if claimed([name]) & own or name == "_":
                why = "is in server_name too; leave it out of one of them"
                if name == "_":
                    why = "stands for any name; expected one name, such as www.example.com"
                yield Problem("redirect_names", f"redirect_names = {shown(name)}: {why}", (host,))
