"""pyinfra's arguments of operations, worked out once for as long as nothing changes them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from pyinfra import host as its
from pyinfra.api import Config, State, arguments
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS, AllArguments
from pyinfra.api.host import Host
from pyinfra.context import ctx_config

THEIRS = arguments.pop_global_arguments
NAMES = frozenset(arguments.all_argument_meta)


class _Known(NamedTuple):
    """What they were, and what that follows from."""

    deploy: AllArguments | None
    """The arguments of the @deploy around it; None outside of any."""
    config: dict[str, object]
    overrides: dict[str, object]
    defaults: object
    found: AllArguments


_known: "WeakKeyDictionary[Host, dict[bool, _Known]]" = WeakKeyDictionary()


def of_connector(host: Host) -> dict[str, Any]:
    """Those by which an operation that is under way runs its commands on a host, `_sudo` say."""
    given: Mapping[str, Any] = host.current_op_global_arguments or {}
    return {key: given[key] for key in CONNECTOR_ARGUMENT_KEYS if key in given}


def work_out_arguments_once() -> None:
    """Have an operation's arguments looked up once for each host and @deploy, and not each time.

    pyinfra has some thirty, which any operation may be given, and looks for each of them in the
    call, in the @deploy around it, in four places of the host's data and in the configuration, for
    each operation and each @deploy of each host: a third of what a plan costs. Upstream needs to do
    so for those that the call has.
    """
    for module in _users():
        module["pop_global_arguments"] = arguments_of


def arguments_of(
    state: State, host: Host, kwargs: dict[str, Any]
) -> tuple[AllArguments, list[str]]:
    """The arguments of an operation of a host, and the names of those that its call has.

    Args:
        kwargs: of the call; the arguments are taken out of it.
    """
    config: Config = ctx_config.get() if ctx_config.isset() else state.config
    given = [name for name in kwargs if name in NAMES]
    if (
        given not in ([], ["name"])
        or not isinstance(kwargs.get("name", ""), str)
        # Who knows what has become of the environment meanwhile?
        or config.INHERIT_ENV
    ):
        return THEIRS(state, host, kwargs)
    found = _without_those_of_a_call(state, host, config).copy()
    if given:
        found["name"] = kwargs.pop("name")
    return found, given


def _without_those_of_a_call(state: State, host: Host, config: Config) -> AllArguments:
    known = _known.setdefault(host, {})
    deploy, defaults = host.current_deploy_kwargs, host.get_deploy_data()
    now = {**vars(config), "ENV": dict(config.ENV)}
    overrides = host.data.override_datas
    # Of a @deploy and of what is around it: the one is left for the other again and again.
    last = known.get(deploy is None)
    if last and last[:-1] == (deploy, now, overrides, defaults):
        return last.found
    found, _ = THEIRS(state, host, {})
    around = deploy.copy() if deploy else deploy
    known[deploy is None] = _Known(around, now, dict(overrides), defaults, found)
    return found


def _users() -> Iterator[dict[str, Any]]:
    # pyinfra.api has functions of the modules' names.
    for name in ("pyinfra.api.operation", "pyinfra.api.deploy"):
        yield vars(import_module(name))


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield arguments, "all_argument_meta"
    yield arguments, "pop_global_arguments"
    yield import_module("pyinfra.api.operation"), "pop_global_arguments"
    yield import_module("pyinfra.api.deploy"), "pop_global_arguments"
    yield Host, "get_deploy_data"
    yield Host, "current_deploy_kwargs"
    yield Host, "current_op_global_arguments"
    yield its.data, "override_datas"
