"""Values for variables that decide whether the site is for development, found by trying."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from stack.looking.choosing import PRODUCTION
from stack.looking.finding.following import compared
from stack.looking.finding.redirecting import to_https
from stack.looking.naming import plain_one
from stack.looking.reading.modules import Modules, Read
from stack.looking.reading.values import Names, Value

NO = ("False", "0", "false", "off", "no", "", *PRODUCTION[:2], "FALSE", "OFF", "NO", "None")
HOST = r"(localhost|127\.0\.0\.1|[\w.-]*example\.(com|org))(:\d+)?"
OWN_HOST = re.compile(HOST)
OWN_URL = re.compile(rf"https?://{HOST}/?")
ITS_NAME = re.compile(r"SITE|BASE|ROOT|PUBLIC|DOMAIN|FRONTEND|PRIMARY")
ITS_URL = re.compile(r"(\w+_)?SITE_URL")
ITS_DOMAIN = re.compile(r"(DJANGO_)?(SITE_)?DOMAIN(_NAME)?")
"""Names that say it all, whatever the default."""

OF_KIND = re.compile(r"(.*_)?(ENV|ENVIRONMENT|MODE|STAGE)(_NAME)?")
"""Names of variables that say what a site is for, in a word."""

Reading = Callable[[Mapping[str, str]], tuple[Modules, Names]]


def fitting(read: Reading, server_names: Sequence[str]) -> dict[str, str]:
    """What is to be set for production, besides what is secret."""
    modules, names = read({})
    found: dict[str, str] = {}
    debug = names.get("DEBUG")
    if debug is not None and not _is_off(debug):
        texts = (*NO, *compared(modules, debug))
        found |= _tried(read, found, debug, "DEBUG", texts, _is_off)
    hosts = _of(read, found, "ALLOWED_HOSTS")
    if hosts and not allows(hosts.content, server_names):
        texts = (",".join(server_names), " ".join(server_names), json.dumps([*server_names]))
        found |= _tried(
            read,
            found,
            hosts,
            "ALLOWED_HOSTS",
            texts,
            lambda one: allows(one.content, server_names),
        )
    modules, names = read(found)
    url = f"{'https' if to_https(names) else 'http'}://{plain_one(server_names)}"
    for name, its in modules.reads.items():
        if text := _of_site(name, its, url):
            found.setdefault(name, text)
    return found


def _of_site(name: str, its: Read, url: str) -> str:
    """What a variable has to be that says where the site is; empty for any other."""
    server_name = url.partition("://")[2]
    default = its.default.content if its.default else None
    is_none = default in (None, "") and its.taken
    if isinstance(default, str) and OWN_URL.fullmatch(default) and ITS_NAME.search(name):
        return url
    if is_none and (ITS_URL.fullmatch(name) or (its.required and name == "BASE_URL")):
        return url
    has_none_own = is_none or (isinstance(default, str) and OWN_HOST.fullmatch(default))
    return server_name if has_none_own and ITS_DOMAIN.fullmatch(name) else ""


def _of(read: Reading, environment: Mapping[str, str], name: str) -> Value | None:
    return read(environment)[1].get(name)


def _tried(
    read: Reading,
    environment: Mapping[str, str],
    value: Value,
    setting: str,
    texts: tuple[str, ...],
    is_good: Callable[[Value], bool],
) -> Iterator[tuple[str, str]]:
    """The variable that decides about a setting with the text that it needs, if one does."""
    for name in sorted(value.variables, key=lambda name: (setting not in name, len(name))):
        kinds = PRODUCTION if setting == "DEBUG" and OF_KIND.fullmatch(name) else ()
        said = [text for text in texts if text in kinds]
        for text in (*said, *kinds, *texts):
            tried = _of(read, {**environment, name: text}, setting)
            if tried and is_good(tried):
                yield name, text
                return


def _is_off(debug: Value) -> bool:
    return debug.is_known and not debug.content


def allows(hosts: Any, names: Sequence[str]) -> bool:
    """Whether a list of ALLOWED_HOSTS has all names of a server."""
    if not isinstance(hosts, list | tuple):
        return False
    texts = [one for one in hosts if isinstance(one, str)]
    return all(any(_is_of(name, one) for one in texts) for name in names)


def _is_of(name: str, host: str) -> bool:
    return host in ("*", name) or (host[:1] == "." and f".{name}".endswith(host))
