"""The arguments of a call, by the names of the function's parameters."""

from collections.abc import Mapping, Sequence

from stack.looking.reading.frame import Frame
from stack.looking.reading.values import Function, Value


def arguments(
    function: Function, args: Sequence[Value], named: Mapping[str, Value], frame: Frame
) -> list[tuple[str, Value]]:
    """What a function's parameters stand for in a call; those that it lacks are left out."""
    its = function.parameters
    names = [one.arg for one in (*its.posonlyargs, *its.args)]
    defaults = dict(zip(names[::-1], its.defaults[::-1], strict=False))
    defaults |= {
        one.arg: default
        for one, default in zip(its.kwonlyargs, its.kw_defaults, strict=True)
        if default
    }
    given = dict(zip(names, args, strict=False)) | dict(named)
    names += [one.arg for one in its.kwonlyargs]
    found = [
        (name, given[name] if name in given else frame.evaluate(defaults[name]))
        for name in names
        if name in given or name in defaults
    ]
    rest = [one.arg for one in (its.vararg, its.kwarg) if one]
    return [*found, *((name, Value()) for name in rest)]
