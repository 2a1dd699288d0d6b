"""Classes of settings, as django-configurations has them, and their values from the environment."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stack.looking.reading import environment
from stack.looking.reading.database_url import entry_of
from stack.looking.reading.frame import Frame
from stack.looking.reading.values import UNKNOWN, Class, Deferred, External, Value

VALUE = re.compile(r".+\.values\.(?P<kind>\w*)Value")
"""Its own, and those that others have made like them."""
OF_URLS = {"DatabaseURL": "DATABASE_URL", "CacheURL": "CACHE_URL", "SearchURL": "SEARCH_URL"}
OF_URLS |= {"EmailURL": "EMAIL_URL"}


def value(kind: str, args: Sequence[Value], named: Mapping[str, Value], frame: Frame) -> Value:
    """What `values.Value(default, environ_name=…)` and the like are."""
    default = args[0] if args else named.get("default", Value(None))
    if kind in OF_URLS:
        # Its default is a URL as well, where there is one.
        default = Value(_cast(kind, default.content), default.variables)
    if named.get("environ", Value(True)).content is False:
        return default
    prefix = named.get("environ_prefix", Value(None if kind in OF_URLS else "DJANGO")).content
    required = kind == "Secret" or named.get("environ_required", Value()).is_true
    its = Deferred(kind, default, f"{prefix.rstrip('_')}_" if prefix else "", required)
    name = named.get("environ_name", Value(OF_URLS.get(kind))).content
    return read(its, name, frame) if isinstance(name, str) else Value(its)


def read(its: Deferred, name: str, frame: Frame) -> Value:
    """One of them that is called by a name."""
    variable = f"{its.prefix}{name}"
    found = environment.read(variable, None if its.required else its.default, frame)
    if variable not in frame.reader.environment:
        return found
    return Value(_cast(its.kind, found.content), found.variables)


def _cast(kind: str, text: Any) -> Any:
    if not isinstance(text, str):
        return {} if kind in OF_URLS and text is None else text
    match kind:
        case "Boolean":
            known = text.lower() in (*environment.TRUE, *environment.FALSE)
            return text.lower() in environment.TRUE if known else UNKNOWN
        case "List" | "Tuple" | "Set" | "Backends":
            return [one.strip() for one in text.split(",") if one.strip()]
        case "DatabaseURL":
            return {"default": entry_of(text)}
        case "Integer" | "PositiveInteger":
            return int(text) if text.isdigit() else UNKNOWN
        case "" | "Secret" | "SecretFile" | "Path" | "Email" | "URL" | "IP" | "Regex":
            return text
    return UNKNOWN


def lineage(of: Class) -> Iterator[Class]:
    """A class after those that it is made of, the last of which comes first."""
    seen: set[Class] = set()
    left = [(of, False)]
    while left:
        one, has_bases_before = left.pop()
        if has_bases_before:
            yield one
        elif one not in seen:
            seen.add(one)
            left.append((one, True))
            left += [(base, False) for base in one.bases if isinstance(base, Class)]


def is_configured(content: Any) -> bool:
    """Whether it is a class of django-configurations'."""
    return isinstance(content, Class) and content.is_configured


def configures(base: Any) -> bool:
    """Whether a class that is made of it is one of django-configurations'."""
    if isinstance(base, External):
        return base.name.startswith("configurations.")
    return is_configured(base)
