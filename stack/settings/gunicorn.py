"""Options of Gunicorn's that the deployment has to have for itself."""

import re
import shlex

VARIABLE = "GUNICORN_CMD_ARGS"
WHY = {
    ("-b", "--bind"): "is the setting bind",
    ("-w", "--workers"): "is the setting workers",
    ("-t", "--timeout"): "is the setting timeout_seconds",
    ("-D", "--daemon"): "would take Gunicorn away from Supervisor; leave that option out",
}


def refuse_ours(arguments: str) -> None:
    """Refuse what the settings say, or what keeps Supervisor from running it.

    Args:
        arguments: the value of the variable that Gunicorn reads them from.

    Raises:
        ValueError: it has such an option, or Gunicorn could not read it; the value is not told.
    """
    try:
        words = shlex.split(arguments)
    except ValueError:
        raise ValueError("has a quote that is not closed; Gunicorn would not start") from None
    for word in words:
        for (short, long), why in WHY.items():
            # Gunicorn takes the beginning of a long name for the whole.
            name = word.partition("=")[0]
            if re.match(f"{short}($|[^-])", word) or (len(name) > 3 and long.startswith(name)):
                raise ValueError(f"{long} {why}")
