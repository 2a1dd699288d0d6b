"""Whether the settings send visitors to HTTPS, and what that asks for."""

from stack.looking.finding.found import Found
from stack.looking.finding.moving import of_debug
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
    its = sorted(value.variables - of_debug(names))
    off = f", or switch that off by {' or '.join(its)} in env" if its else ""
    if value.is_known:
        text = f'SECURE_SSL_REDIRECT sends visitors to HTTPS: set tls = "acme"{off}'
        found.say("server_name", text)
        return
    where = f"{value.path}:{value.line}: " if value.path else ""
    text = f"{where}whether SECURE_SSL_REDIRECT sends visitors to HTTPS cannot be told by reading"
    found.say("server_name", f'{text}: if it does, set tls = "acme"{off}')
