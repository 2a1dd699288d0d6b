"""What a person writes on pyinfra's command line, and is asked there."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import click
from pyinfra import state
from pyinfra.api.inventory import Inventory


def check_data_by(why_not: Callable[[Sequence[str]], str]) -> None:
    """Have a function say what is wrong with the words of `--data`, or nothing.

    Upstream needs to refuse one without a value, in place of a traceback.
    """
    cli = _cli()
    read = cli._set_override_data

    def read_checked(data: Sequence[str], *others: Any) -> Any:
        _refuse(why_not(data))
        return read(data, *others)

    cli._set_override_data = read_checked


def check_hosts_by(
    why_none: Callable[[object], str],
    why_no_match: Callable[[str, str, Inventory], str],
    none_is_left: str,
    tell: Callable[[Inventory], None],
) -> None:
    """Have functions say why a run would be over no host, or over others than those meant.

    Upstream goes on with no host at all, and ends with exit code 0.

    Args:
        why_none: gets what was given as the inventory, where that has no host.
        why_no_match: gets `--limit` or `--exclude`, what was given with it and the inventory.
        none_is_left: what to say where `--exclude` leaves no host.
        tell: gets the inventory once it is read.
    """
    cli = _cli()
    make, match, exclude = (
        cli.make_inventory,
        cli._get_inventory_pattern_matches,
        cli._apply_inventory_exclude,
    )

    def make_checked(given: object, **options: Any) -> Any:
        inventory = make(given, **options)
        _refuse("" if len(inventory) else why_none(given))
        tell(inventory)
        return inventory

    def match_checked(inventory: Inventory, patterns: Iterable[str], option: str) -> Any:
        for pattern in patterns:
            _refuse(why_no_match(option, pattern, inventory))
        return match(inventory, patterns, option)

    def exclude_checked(inventory: Inventory, limit: Any, patterns: Any) -> Any:
        left = exclude(inventory, limit, patterns)
        _refuse(none_is_left if left is not None and not left else "")
        return left

    cli.make_inventory = make_checked
    cli._get_inventory_pattern_matches = match_checked
    cli._apply_inventory_exclude = exclude_checked


def tell_mistakes_by(
    what: Callable[[str, Exception], str], why_not: Callable[[str, Mapping[str, object]], str]
) -> None:
    """Have functions say what is wrong with an inventory or its group data.

    Upstream prints a traceback, and of a file that is no Python asks for a report of a bug.

    Args:
        what: gets a file that cannot be read, and why.
        why_not: gets a file and what it defines, and tells nothing where that is as it should be.
    """
    inventories: Any = import_module("pyinfra_cli.inventory")
    read = inventories.exec_file

    def read_or_refuse(filename: str, **options: Any) -> Any:
        # Imported late, as below.
        from pyinfra_cli.exceptions import CliError, UnexpectedExternalError

        try:
            defined = read(filename, **options)
            _refuse(why_not(filename, defined))
            return defined
        except UnexpectedExternalError as error:
            mistake = error.exception
        except (SyntaxError, ValueError, OSError) as error:
            mistake = error
        raise CliError(what(filename, mistake))

    inventories.exec_file = read_or_refuse


def answer_where_nobody_can(line: Callable[[str], str]) -> None:
    """Have questions answered with no where there is no terminal; before a run, with an error.

    Args:
        line: gets the question, and tells the error.

    Upstream ends with a traceback.
    """
    cli = _cli()
    ask = cli._do_confirm

    def ask_somebody(question: str) -> Any:
        try:
            return ask(question)
        except (EOFError, RuntimeError) as error:
            # Python has the second where standard input was closed.
            if sys.stdin and isinstance(error, RuntimeError):
                raise
            click.echo(err=True)
            _refuse("" if state.is_executing else line(question))
            return False

    cli._do_confirm = ask_somebody


def _refuse(problem: str) -> None:
    if problem:
        # Imported late, as below.
        from pyinfra_cli.exceptions import CliError

        raise CliError(problem)


def _cli() -> Any:
    # Imported late: pyinfra's command line puts gevent in the place of much that is imported after.
    from pyinfra_cli import cli

    return cli


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield _cli(), "_set_override_data"
    yield _cli(), "make_inventory"
    yield _cli(), "_get_inventory_pattern_matches"
    yield _cli(), "_apply_inventory_exclude"
    yield _cli(), "_do_confirm"
    yield import_module("pyinfra_cli.inventory"), "exec_file"
    yield import_module("pyinfra_cli.exceptions"), "CliError"
    yield import_module("pyinfra_cli.exceptions"), "UnexpectedExternalError"
