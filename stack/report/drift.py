"""Whether hosts are as declared, for cron and CI."""

from pyinfra import host
from pyinfra.api.output import format_text

from stack.report.report import ReportError, drift_of_host, in_order, is_last

DRIFT = 2
"""The exit code for hosts that are not as declared; 0 says that they are, 1 an error."""

_drifts: dict[str, list[str]] = {}


def report() -> None:
    """Tell what an apply would change, once every host's operations have been compared.

    Raises:
        ReportError: from the last host.
    """
    _drifts[host.name] = drift_of_host()
    if is_last(_drifts):
        drifts = in_order(_drifts)
        drifted = any(drifts.values())
        text = "\n".join(_lines(name, operations) for name, operations in drifts.items())
        payload = {"converged": not drifted, "hosts": drifts}
        raise ReportError(text, payload, DRIFT if drifted else 0)


def _lines(name: str, operations: list[str]) -> str:
    first = f"{name}: {'has drifted' if operations else 'is as declared'}"
    return "\n".join([first, *(f"    {format_text(one, 'yellow')}" for one in operations)])
