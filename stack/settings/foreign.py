"""Names in pyinfra's host data that are not settings of ours."""

from functools import cache
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import LambdaType, ModuleType

from stack.secrets import Secret


def is_foreign(name: str, value: object) -> bool:
    """Whether a name that is no setting is pyinfra's, or code that group_data needs."""
    # pyinfra passes on whatever a group_data file defines at its top level.
    if name.startswith("_") or isinstance(value, ModuleType):
        return True
    if callable(value) and not _is_secret(value):
        return True
    # Nearly all such names are SSH's; to ask each connector that is installed takes far longer.
    from pyinfra.connectors.ssh import SSHConnector

    if name in SSHConnector.data_meta:
        return True
    names, prefixes = _connector_names()
    return name in names or name.startswith(prefixes)


def _is_secret(value: object) -> bool:
    """Whether somebody meant it to have the value of a setting, and not to be called by himself."""
    if isinstance(value, LambdaType) and value.__name__ == "<lambda>":
        code = value.__code__
        has_more = code.co_flags & (CO_VARARGS | CO_VARKEYWORDS)
        return not (code.co_argcount or code.co_kwonlyargcount or has_more)
    return isinstance(value, Secret)


def names_of_pyinfras() -> list[str]:
    """Names of pyinfra's that a person may have meant."""
    from pyinfra.api.arguments import AllArguments
    from pyinfra.connectors.ssh import SSHConnector

    return [*AllArguments.__annotations__, *SSHConnector.data_meta]


@cache
def _connector_names() -> tuple[frozenset[str], tuple[str, ...]]:
    # Here for its cost: the connectors are only needed for a name that nothing else explains.
    from pyinfra.api.connectors import get_all_connectors

    connectors = get_all_connectors()
    names = {name for connector in connectors.values() for name in connector.data_meta}
    # Some connectors read names that they do not declare (chroot_directory).
    undeclared = (f"{name}_" for name, connector in connectors.items() if not connector.data_meta)
    return frozenset(names), tuple(undeclared)
