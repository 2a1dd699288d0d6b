"""What a person writes on pyinfra's command line, where it would not do what he means."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fnmatch import filter as matching
from pathlib import Path
from traceback import extract_tb

from pyinfra import config
from pyinfra.api.inventory import Inventory

from stack.run.groups import tell_misspelt, why_no_groups
from stack.run.upstream import command_line, streams

ARGUMENTS = {
    "_ignore_errors": "what fails would be passed over, and pyinfra would end with exit code 0",
    "_continue_on_error": "a step would go on after one before it failed",
    "_run_once": "only one host would get each step",
    "_if": "a plan would not know which steps it has",
    "_retries": "a step that fails would begin again, and the reason be lost",
    "_retry_until": "a step that went well would begin again",
    "_success_exit_codes": "what fails could pass for a success",
    "_get_pty": "what a host says would come with what a terminal makes of it",
}
"""pyinfra's arguments of operations that would break it too, by why; hosts' data can hold them."""
MOST_NAMED = 10
"""How many groups and hosts a message lists."""

_by_config: list[bool] = []


def broken_by(words: Sequence[str], hosts: int, data: Mapping[str, object] | None = None) -> str:
    """Why a run with these words may not go on; an empty string when it may.

    Args:
        hosts: how many hosts the run is over.
        data: what the inventory, group_data and `--data` say of a host.
    """
    data = data or {}
    if "--no-wait" in words:
        return (
            "--no-wait: no host would wait for the others, so one that fails would stop none, "
            "and pyinfra would end with exit code 0; leave it out. Nothing was changed."
        )
    if any(word.partition("=")[0] == "--retry" for word in words):
        return (
            "--retry: a step that fails would begin again, and the reason be lost, with which a "
            "rollout stops; leave it out, and run it again instead. Nothing was changed."
        )
    serial = "--serial" if "--serial" in words else "_serial" if data.get("_serial") else ""
    if serial and hosts > 1:
        return (
            f"{serial}: pyinfra would finish one host before it begins the next, in a random "
            "order and also after a failure, so nothing would be built and checked before the "
            "first switch; leave it out, and set waves = [1, 2, 3 …]. Nothing was changed."
        )
    return ""


def spoiled_by(data: Mapping[str, object]) -> str:
    """Why a host that has these data is not even read; an empty string where it may be."""
    for name, reason in ARGUMENTS.items():
        if data.get(name):
            return f"{name}: {reason}; leave it out of the data. Nothing was changed."
    return ""


def check_words() -> None:
    """Have a run end with an error, before any host is reached, where its words are wrong."""
    command_line.check_data_by(
        lambda words: why_not_parallel(config.PARALLEL) or why_not_data(words)
    )
    command_line.check_hosts_by(
        why_none,
        why_no_match,
        "--exclude: leaves no host of those that were selected. Nothing was changed.",
        tell_misspelt,
    )
    command_line.tell_mistakes_by(mistake_in, why_no_groups)
    command_line.answer_where_nobody_can(why_not_asked)
    streams.tell_lost_output_by(why_not_told)
    _by_config.append(True)


def why_not_here() -> str:
    """Why nothing may be planned: without config.py, a host that fails would stop nobody, and more.

    Empty where pyinfra has loaded it, as it does in this folder alone.
    """
    if _by_config:
        return ""
    clone = Path(__file__).parents[2]
    return (
        f"pyinfra has not loaded {clone}/config.py: run it in {clone}, or add --chdir {clone} and "
        "give the inventory's full path. Nothing was changed."
    )


def why_not_data(words: Sequence[str]) -> str:
    """What is wrong with the words that `--data` was given; empty where nothing is."""
    wrong = [word for word in words if "=" not in word]
    return f"--data {wrong[0]}: expected NAME=VALUE. Nothing was changed." if wrong else ""


def why_not_parallel(hosts: int) -> str:
    """What is wrong with the number of hosts at a time, 0 for all; empty where nothing is."""
    return f"--parallel {hosts}: expected 1 or more. Nothing was changed." if hosts < 0 else ""


def why_not_told(reason: str) -> str:
    """What to say where nothing can be written to standard output: what was to be done is done."""
    return f"standard output: {reason}: what was to be told at the end is lost"


def why_not_asked(question: str) -> str:
    """What to say where pyinfra has a question, and nobody to ask."""
    if "failed" in question:
        return (
            "a host has failed, and there is no terminal to ask you whether to go on without "
            "it: fix that, or leave it out with --exclude. Nothing was changed."
        )
    return (
        "there is no terminal to ask you on; add -y to apply this, or --dry to plan it. "
        "Nothing was changed."
    )


def mistake_in(file: str, error: Exception) -> str:
    """What is wrong in a file of settings, and on which of its lines."""
    if "target_for_host(" in _text_of(file):
        return f"{file}: is not an inventory, which comes before it. Nothing was changed."
    lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == file]
    what = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename == file:
        lines, what = [error.lineno], f"{type(error).__name__}: {error.msg}"
    if _begins_with_a_mark(file):
        lines, what = [], "begins with a byte order mark; expected it saved as UTF-8 without one"
    place = Path(file)
    if place.is_relative_to(Path.cwd()):
        place = place.relative_to(Path.cwd())
    return f"{':'.join(map(str, (place, *lines[-1:])))}: {what}. Nothing was changed."


def _text_of(file: str) -> str:
    with suppress(OSError):
        return Path(file).read_text(errors="replace")
    return ""


def _begins_with_a_mark(file: str) -> bool:
    with suppress(OSError), Path(file).open("rb") as opened:
        return opened.read(3).startswith((BOM_UTF8, BOM_UTF16_LE, BOM_UTF16_BE))
    return False


def why_none(inventory: object) -> str:
    """What to say of an inventory that has no host."""
    return f"{inventory}: there is no such inventory, or no host in it. Nothing was changed."


def why_no_match(option: str, pattern: str, inventory: Inventory) -> str:
    """Why a pattern of `--limit` or `--exclude` means nobody; empty where it means somebody."""
    names = [host.name for host in inventory]
    if inventory.groups.get(pattern) or matching(names, pattern):
        return ""
    known = list(dict.fromkeys([*sorted(inventory.groups), *names]))
    there = ", ".join(known[:MOST_NAMED])
    if len(known) > MOST_NAMED:
        there += f" and {len(known) - MOST_NAMED} more"
    text = f"{option} {pattern}: is neither a group nor a host; there are {there}"
    return f"{text}. Nothing was changed."
