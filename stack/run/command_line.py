"""Switches of pyinfra's command line that would break what this project promises."""

from collections.abc import Sequence


def broken_by(words: Sequence[str], hosts: int) -> str:
    """Why a run with these words may not go on; an empty string when it may.

    Args:
        hosts: how many hosts the run is over.
    """
    if "--no-wait" in words:
        return (
            "--no-wait: no host would wait for the others, so one that fails would stop nobody, "
            "and pyinfra would end with exit code 0; leave it out. Nothing was changed."
        )
    if "--serial" in words and hosts > 1:
        return (
            "--serial: pyinfra would finish one host before it begins the next, in a random "
            "order and also after a failure, so nothing would be built and checked before the "
            "first switch; leave it out, and set waves = [1, 2, 3 …]. Nothing was changed."
        )
    return ""
