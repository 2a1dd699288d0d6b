"""Lists, tuples, sets and dicts as they are written, comprehensions too."""

import ast
from typing import Any

from stack.looking.reading.frame import Frame
from stack.looking.reading.values import UNKNOWN, Value, joined


def sequence(node: ast.List | ast.Tuple | ast.Set, frame: Frame) -> Value:
    """What [a, *b], (a, b) or {a, b} stands for."""
    items: list[Any] = []
    values = []
    for one in node.elts:
        starred = isinstance(one, ast.Starred)
        values.append(value := frame.evaluate(one.value if isinstance(one, ast.Starred) else one))
        many = starred and isinstance(value.content, list | tuple | set)
        items += value.content if many else [value.content]
    made: Any = items
    if not isinstance(node, ast.List):
        made = tuple(items) if isinstance(node, ast.Tuple) else set(items)
    return joined(values, made)


def mapping(node: ast.Dict, frame: Frame) -> Value:
    """What {a: b, **c} stands for."""
    made: dict[Any, Any] = {}
    values = []
    for key, one in zip(node.keys, node.values, strict=True):
        values.append(value := frame.evaluate(one))
        if key is None:
            made |= value.content if isinstance(value.content, dict) else {}
            continue
        values.append(name := frame.evaluate(key))
        made[name.content] = value.content
    return joined(values, made)


def comprehension(node: ast.ListComp | ast.GeneratorExp | ast.SetComp, frame: Frame) -> Value:
    """What [a for b in c if d] stands for."""
    of = node.generators[0]
    values = [source := frame.evaluate(of.iter)]
    simple = len(node.generators) == 1 and isinstance(of.target, ast.Name)
    if not simple or not isinstance(source.content, list | tuple):
        return joined(values, UNKNOWN)
    items = []
    inner = frame.aside()
    inner.taken, inner.catching = frame.taken, frame.catching
    for content in source.content:
        inner.bind(of.target.id, Value(content))  # type: ignore[attr-defined] # a Name
        if all(inner.evaluate(test).is_true for test in of.ifs):
            values.append(value := inner.evaluate(node.elt))
            items.append(value.content)
    return joined(values, items)
