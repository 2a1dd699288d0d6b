"""A script is put together from files, each of which stands in one place."""

from pathlib import Path

import pytest

from stack.shell import scripts


def test_a_file_of_functions_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"^absent\.sh has to be in one folder, and is in "):
        scripts.script(scripts.__file__, "environment.sh", "numbers.sh", "absent.sh")


def test_a_file_of_functions_that_is_there_twice_is_named(tmp_path: Path) -> None:
    (tmp_path / "numbers.sh").touch()
    module = str(tmp_path / "module.py")
    with pytest.raises(FileNotFoundError, match=f"^numbers.sh .* {tmp_path}, .*/shell$"):
        scripts.script(module, "its.sh", "numbers.sh")
