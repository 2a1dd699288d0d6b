"""Whether the settings send visitors to HTTPS, and what that asks for."""

from stack.looking.finding.found import Found
from stack.looking.reading.values import Names, Value


def to_https(names: Names) -> Value | None:
    """What says that they do, or that they may; None where they do not."""
    value = names.get("SECURE_SSL_REDIRECT")
    return value if value and value.content else None


def tell(names: Names, found: Found) -> None:
    """Say what there has to be for it."""
    value = to_https(names)
    if value is None:
        return
    if value.is_known:
        found.say("server_name", 'SECURE_SSL_REDIRECT sends visitors to HTTPS: set tls = "acme"')
        return
    where = f"{value.path}:{value.line}: " if value.path else ""
    text = f"{where}whether SECURE_SSL_REDIRECT sends visitors to HTTPS cannot be told by reading"
    found.say("server_name", f'{text}: if it does, set tls = "acme"')
