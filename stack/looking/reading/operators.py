"""Operators: what they make of two contents."""

import ast
import operator
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from stack.looking.reading.values import UNKNOWN, External, are_short, whole

COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


def applied(op: ast.operator, one: Any, other: Any) -> Any:
    """What an operator makes of two contents."""
    paths = isinstance(one, PurePosixPath) or isinstance(other, PurePosixPath)
    match op:
        case ast.Add() if other is UNKNOWN and isinstance(one, list) and one:
            return [*one, UNKNOWN]  # what is known is in it, whatever else is
        case _ if one is UNKNOWN or other is UNKNOWN:
            return UNKNOWN
        case ast.Div() if paths:
            return PurePosixPath(one, other)
        case ast.Add() if type(one) is type(other) and not isinstance(one, External):
            return one + other
        case ast.Sub() if isinstance(one, PurePosixPath) and isinstance(other, int):
            return one.parents[other - 1]  # of django-environ's Path
        case ast.BitOr() if isinstance(one, dict | set):
            return one | other
        case ast.Mult() if isinstance(one, int) and isinstance(other, int):
            return one * other if max(abs(one), abs(other)) < 2**64 else UNKNOWN
        case ast.Mod() if isinstance(one, str) and not re.search(r"%[^sd]", one):
            return one % other if whole(other) and are_short([one, other]) else UNKNOWN
    return UNKNOWN
