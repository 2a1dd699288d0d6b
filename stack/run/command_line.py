"""Switches of pyinfra's command line that would break what this project promises."""

from collections.abc import Mapping, Sequence

ARGUMENTS = {
    "_ignore_errors": "what fails would be passed over, and pyinfra would end with exit code 0",
    "_continue_on_error": "a step would go on after one before it failed",
    "_run_once": "only one host would get each step",
    "_if": "a plan would not know which steps it has",
}
"""pyinfra's arguments of operations that would break it too, by why; hosts' data can hold them."""


def broken_by(words: Sequence[str], hosts: int, data: Mapping[str, object] | None = None) -> str:
    """Why a run with these words may not go on; an empty string when it may.

    Args:
        hosts: how many hosts the run is over.
        data: what the inventory, group_data and `--data` say of a host.
    """
    data = data or {}
    for name, reason in ARGUMENTS.items():
        if data.get(name):
            return f"{name}: {reason}; leave it out of the data. Nothing was changed."
    if "--no-wait" in words:
        return (
            "--no-wait: no host would wait for the others, so one that fails would stop nobody, "
            "and pyinfra would end with exit code 0; leave it out. Nothing was changed."
        )
    serial = "--serial" if "--serial" in words else "_serial" if data.get("_serial") else ""
    if serial and hosts > 1:
        return (
            f"{serial}: pyinfra would finish one host before it begins the next, in a random "
            "order and also after a failure, so nothing would be built and checked before the "
            "first switch; leave it out, and set waves = [1, 2, 3 …]. Nothing was changed."
        )
    return ""
