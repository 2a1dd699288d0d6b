"""How settings read the environment: os, django-environ, environs, decouple, dj-database-url."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from stack.looking.reading.database_url import entry_of
from stack.looking.reading.frame import Frame
from stack.looking.reading.values import UNKNOWN, Environ, External, Function, Raised, Value

TRUE = ("true", "t", "yes", "y", "on", "ok", "1")
FALSE = ("false", "f", "no", "n", "off", "0", "")
NO_READS = ("read_env", "read_envfile", "prefixed", "seal", "add_parser")
URLS = {"db": "DATABASE_URL", "db_url": "DATABASE_URL", "dj_db_url": "DATABASE_URL"}
URLS |= {"cache": "CACHE_URL", "cache_url": "CACHE_URL", "email_url": "EMAIL_URL"}
URLS |= {"email": "EMAIL_URL", "search_url": "SEARCH_URL"}
"""Methods that read a URL, by the variable that they read unless they are told another."""

Words = Sequence[Value]
Named = Mapping[str, Value]


def external(name: str) -> Value:
    """What a name of a module that is not the project's own stands for."""
    return Value(INSTANCES.get(name) or External(name))


def is_set(name: str, frame: Frame) -> Value:
    """Whether a variable is set, where the settings ask for just that."""
    # Which default it has is said by what reads it.
    frame.reader.note(name, required=False, default=None, path=frame.path, taken=False)
    return Value(name in frame.reader.environment, frozenset({name}))


def required(name: Value, frame: Frame) -> Value:
    """A variable without which the settings fail."""
    if not isinstance(name.content, str):
        return Value(UNKNOWN, name.variables)
    return read(name.content, None, frame)


def read(name: str, default: Value | None, frame: Frame) -> Value:
    """A variable's text, or the default. Raises Raised where the project itself catches that."""
    variables = frozenset({name})
    default = frame.reader.defaults.get(name, default)
    must = default is None and frame.taken and not frame.catches("KeyError")
    frame.reader.note(name, required=must, default=default, path=frame.path, taken=frame.taken)
    if name in frame.reader.environment:
        return Value(frame.reader.environment[name], variables)
    if default is not None:
        return Value(default.content, variables | default.variables)
    if frame.taken and frame.catches("KeyError"):
        raise Raised("KeyError", variables)
    return Value(UNKNOWN, variables)


def _getenv(args: Words, named: Named, frame: Frame) -> Value:
    name = args[0].content if args else named["key"].content
    if not isinstance(name, str):
        return Value()
    default = args[1] if len(args) > 1 else named.get("default", Value(None))
    return read(name, default, frame)


def _environ(args: Words, named: Named, frame: Frame) -> Value:
    """An instance of django-environ's Env: its words are kinds, or kinds and defaults."""
    kinds = {
        name: one.content if isinstance(one.content, tuple) else (one.content,)
        for name, one in named.items()
    }
    return Value(Environ(kinds))


def _environs(args: Words, named: Named, frame: Frame) -> Value:
    return Value(Environ(default_first=True))


def read_by(reader: Environ, method: str, args: Words, named: Named, frame: Frame) -> Value:
    """What a reader such as django-environ's returns; without a method it is called itself."""
    if method in NO_READS:
        return Value(None)
    name = args[0].content if args else next(iter(_named(named, "var", "name")), None)
    name = URLS.get(method) if name is None else getattr(name, "content", name)
    if not isinstance(name, str):
        return Value()
    kind = reader.kinds.get(name, ())
    # With django-environ the second word is the kind where the reader is called itself.
    second = reader.default_first or (method and method not in ("list", "tuple", "dict"))
    positional = args[1:2] if second else args[2:3]
    default = named.get("default") or (positional[0] if positional else None)
    if default is None and len(kind) > 1:
        default = Value(kind[1])
    cast = named.get("cast", args[1] if not second and len(args) > 1 else Value(None)).content
    cast = cast or (kind[0] if kind else External(f"builtins.{method}"))
    value = read(name, default, frame)
    if method in URLS and isinstance(value.content, str):
        return Value(entry_of(value.content), value.variables)
    return _cast(value, cast, frame) if isinstance(value.content, str) else value


def _named(named: Named, *names: str) -> list[Value]:
    return [named[name] for name in names if name in named]


def _config(args: Words, named: Named, frame: Frame) -> Value:
    """Decouple's config(NAME, default=…, cast=…), which casts the default as well."""
    if not args or not isinstance(args[0].content, str):
        return Value()
    default = args[1] if len(args) > 1 else named.get("default")
    value = read(args[0].content, default, frame)
    cast = named.get("cast", Value(None)).content
    return _cast(value, cast, frame) if isinstance(value.content, str) else value


def _cast(value: Value, cast: Any, frame: Frame) -> Value:
    text = value.content
    match cast:
        case External("builtins.bool"):
            known = text.lower() in (*TRUE, *FALSE)
            return Value(text.lower() in TRUE if known else UNKNOWN, value.variables)
        case External("builtins.list" | "builtins.tuple") | list():
            return Value([one for one in text.split(",") if one], value.variables)
        case External("decouple.Csv()"):
            return Value([one.strip() for one in text.split(",") if one], value.variables)
        case External("builtins.int"):
            return Value(int(text) if text.isdigit() else UNKNOWN, value.variables)
        case External("builtins.path"):
            return Value(PurePosixPath(text), value.variables)
        case Function():
            return frame.reader.call(cast, [value], {}, frame)
        case External(name) if name in FUNCTIONS:
            return Value(FUNCTIONS[name]([value], {}, frame).content, value.variables)
        case None | External("builtins.str" | "builtins." | "builtins.url"):
            return value
    return Value(UNKNOWN, value.variables)


def _csv(args: Words, named: Named, frame: Frame) -> Value:
    return Value(External("decouple.Csv()"))


def _database_url(args: Words, named: Named, frame: Frame) -> Value:
    name = (args[0] if args else named.get("env", Value("DATABASE_URL"))).content
    if name == External("dj_database_url.DEFAULT_ENV"):
        name = "DATABASE_URL"
    if not isinstance(name, str):
        return Value()
    value = read(name, named.get("default", Value(None)), frame)
    return Value(entry_of(value.content), value.variables)


def _parsed(args: Words, named: Named, frame: Frame) -> Value:
    return Value(entry_of(args[0].content))


def _set_default(args: Words, named: Named, frame: Frame) -> Value:
    """What the settings themselves put into the environment for want of another text."""
    name = args[0].content
    if isinstance(name, str) and frame.taken and len(args) > 1:
        frame.reader.defaults.setdefault(name, args[1])
        return read(name, args[1], frame)
    return Value()


def _copied(args: Words, named: Named, frame: Frame) -> Value:
    """A copy of the environment, which is read as it is."""
    return Value(External("os.environ"))


def _dict(args: Words, named: Named, frame: Frame) -> Value:
    if args and args[0].content == External("os.environ"):
        return args[0]
    content = args[0].content if args else {}
    its = {name: one.content for name, one in named.items()}
    return Value({**content, **its} if isinstance(content, dict) else UNKNOWN)


def _decouple(args: Words, named: Named, frame: Frame) -> Value:
    """An instance of decouple's own: it is called as config is."""
    return Value(External("decouple.config"))


INSTANCES = {"environs.env": Environ(default_first=True)}
"""What a module has ready to read with, by its full name."""

FUNCTIONS: dict[str, Callable[[Words, Named, Frame], Value]] = {
    "os.getenv": _getenv,
    "os.environ.get": _getenv,
    "os.environ.setdefault": _set_default,
    "os.environ.copy": _copied,
    "builtins.dict": _dict,
    "environ.Env": _environ,
    "environ.FileAwareEnv": _environ,
    "environs.Env": _environs,
    "environs.FileAwareEnv": _environs,
    "decouple.config": _config,
    "decouple.AutoConfig": _decouple,
    "decouple.Config": _decouple,
    "decouple.Csv": _csv,
    "dj_database_url.config": _database_url,
    "dj_database_url.parse": _parsed,
}
