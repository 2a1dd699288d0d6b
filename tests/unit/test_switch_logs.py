"""Of what Gunicorn logs, a person is shown what is about the project."""

from pathlib import Path

from stack.onhost.switch.logs import lines_since

ERROR = ["Traceback (most recent call last):", '  File "wsgi.py", line 1', "RuntimeError: no"]
HALT = [
    "Traceback (most recent call last):",
    '  File "arbiter.py", line 270, in run',
    "gunicorn.errors.HaltServer: <HaltServer 'Worker failed to boot.' 3>",
]
CHAINED = ["", "During handling of the above exception, another exception occurred:", ""]


def logged(folder: Path, lines: list[str]) -> Path:
    log = folder / "gunicorn.log"
    log.write_text("".join(f"{line}\n" for line in lines))
    return log


def test_gunicorns_own_ending_does_not_push_the_error_out_of_sight(tmp_path: Path) -> None:
    log = logged(tmp_path, [*ERROR, "[INFO] Worker exiting", *HALT, *CHAINED, *HALT])
    assert lines_since(log) == [*ERROR, "[INFO] Worker exiting"]


def test_a_chain_of_the_projects_own_errors_is_whole(tmp_path: Path) -> None:
    assert lines_since(logged(tmp_path, [*ERROR, *CHAINED, *ERROR])) == [*ERROR, *CHAINED, *ERROR]


def test_only_what_was_written_since_is_told(tmp_path: Path) -> None:
    log = logged(tmp_path, ["of yesterday", "of today"])
    assert lines_since(log, len("of yesterday\n")) == ["of today"]
    assert lines_since(log, 1000) == ["of yesterday", "of today"]


def test_a_log_that_is_not_there_tells_nothing(tmp_path: Path) -> None:
    assert lines_since(tmp_path / "none.log") == []
