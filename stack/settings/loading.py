"""The settings of one host, from pyinfra's host data."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from stack.settings.check import REFUSED
from stack.settings.foreign import is_foreign, names_of_pyinfras
from stack.settings.model import Settings
from stack.settings.problem import Problem, SettingsError, shown
from stack.settings.secret import Secrets

# For settings without a default that is sure to be good.
STAND_INS = {"source": ".", "wsgi": "wsgi"}


def load(data: Mapping[str, object], host: str) -> Settings:
    """The settings in a host's data (`host.data.dict()`); `host` is the name for messages.

    Names of pyinfra's own are passed over. Raises SettingsError with all problems of the host.
    """
    settings, problems = examine(data, Secrets())
    if problems:
        raise SettingsError([replace(problem, hosts=(host,)) for problem in problems])
    return settings


def examine(
    data: Mapping[str, object], secrets: Secrets, runs_app: bool = True
) -> tuple[Settings, list[Problem]]:
    """The settings with something harmless in place of what is bad, and all problems.

    Args:
        data: the host's, pyinfra's own names among it.
        secrets: those of a run, for all of its hosts.
        runs_app: whether the host does; one that does not needs no source.
    """
    given = {
        name: value
        for name, value in data.items()
        if name in Settings.model_fields or not is_foreign(name, value)
    }
    good, problems = dict(given), list[Problem]()
    if not runs_app:
        good.setdefault("source", STAND_INS["source"])
    # A default that derives from another setting is only made, and checked, once that is good.
    while True:
        try:
            settings = Settings.model_validate(good, context=secrets)
        except ValidationError as error:
            found = list(_problems(error.errors(), given))
        else:
            return settings, sorted(problems, key=_order)
        for bad in {problem.setting for problem in found}:
            good.pop(bad, None)
            good |= {bad: STAND_INS[bad]} if bad in STAND_INS else {}
        problems += found


def _order(problem: Problem) -> int:
    names = list(Settings.model_fields)
    return names.index(problem.setting) if problem.setting in names else len(names)


def _problems(errors: list[ErrorDetails], data: Mapping[str, object]) -> Iterator[Problem]:
    for error in errors:
        setting = str(error["loc"][0])
        match error["type"]:
            case "default_factory_not_called":
                continue  # it derives from a setting that has a problem of its own
            case "extra_forbidden" | "missing" if error["loc"][1:]:
                yield Problem(setting, _of_key(*error["loc"][1:], type_=error["type"], of=setting))
            case "extra_forbidden":
                yield Problem(setting, _unknown(setting, error["input"]))
            case "missing":
                yield Problem(setting, f"{setting}: is missing; expected {_purpose(setting)}")
            case type_:
                reason = error["ctx"]["reason"] if type_ == REFUSED else _reason(error)
                if setting not in data:
                    reason += f" (derived from project; set {setting})"
                yield Problem(setting, f"{_where(error, data)}: {reason}")


def _of_key(name: int | str, *inner: int | str, type_: str, of: str) -> str:
    """A key that one of several has, or lacks."""
    what = "no such key" if type_ == "extra_forbidden" else "is missing"
    return f"{of}[{shown(name)}]: {'.'.join(map(str, inner))}: {what}"


def _unknown(name: str, value: object) -> str:
    # Text may be a secret at the wrong place; it is not shown.
    start = f"{name} = {value}" if isinstance(value, int) else name
    if name.isupper():
        return f'{start}: no such setting; did you mean env = {{"{name}": …}}?'
    ours = get_close_matches(name, Settings.model_fields, n=1)
    pyinfras = names_of_pyinfras()
    close = ours or get_close_matches(name, pyinfras, n=1)
    told = f"{start}: no such setting{f'; did you mean {close[0]}?' if close else ''}"
    if (close and not ours) or f"_{name}" in pyinfras:
        return told
    # What a file of group_data defines for itself alone comes here too.
    own = f"refix names of your own with _, for example _{name}"
    return f"{told} P{own}" if close else f"{told}; p{own}"


def _purpose(setting: str) -> str:
    return str(Settings.model_fields[setting].description)


def _reason(error: ErrorDetails) -> str:
    """The reason of an error of pydantic's own, or of a ValueError of env's values."""
    return error["msg"].removeprefix("Value error, ")


def _where(error: ErrorDetails, data: Mapping[str, object]) -> str:
    setting, *inner = error["loc"]
    if setting in ("env", "files"):
        return f'{setting}["{inner[0]}"]' if inner else str(setting)
    if inner[-1:] == ["[key]"]:
        return f"{setting}[{shown(inner[0])}]"
    if Settings.model_fields[str(setting)].annotation is SecretStr:
        return str(setting)
    # A single text that stands for a list of one has no index to its writer.
    index = (
        "" if isinstance(data.get(str(setting)), str) else "".join(f"[{shown(i)}]" for i in inner)
    )
    return f"{setting}{index} = {shown(error['input'])}"
