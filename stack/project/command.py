"""Commands of the project, as those who run them read them."""


def by_python(command: str) -> str:
    """A command in which manage.py is run by the Python of the virtualenv."""
    return f"python {command}" if command.startswith("manage.py ") else command


def quoted(text: str) -> str:
    """A text as one word of a systemd unit's command line."""
    for special, plain in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("$", "$$")):
        text = text.replace(special, plain)
    return f'"{text}"'
