"""The table of the settings in docs/settings.md."""

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from stack.settings.model import Settings
from stack.settings.problem import shown

START, END = "<!-- settings -->", "<!-- /settings -->"


def table() -> str:
    """A Markdown table: name, default, meaning."""
    rows = ["| name | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{name}` | {_default(field)} | {field.description} |")
    return "\n".join(rows)


def with_table(page: str) -> str:
    """The text of the page with the table renewed between its markers.

    Raises ValueError when it lacks them.
    """
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"docs/settings.md has no line {START} followed by a line {END}")
    return f"{before}{START}\n{table()}\n{END}{after}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True, validated_data={"project": "PROJECT"})
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    if isinstance(default, tuple):
        return f"`{shown(default[0])}`" if len(default) == 1 else f"`[{_comma(default)}]`"
    return f"`{shown(default)}`"


def _comma(values: tuple[object, ...]) -> str:
    return ", ".join(shown(value) for value in values)
