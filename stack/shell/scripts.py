"""Scripts of shell, and the words that go into them."""

import re
from collections.abc import Mapping
from pathlib import Path

NAME = re.compile(r"@([a-z_]+)@")


def beside(module: str, name: str) -> str:
    """The text of a file beside a module, given by its `__file__`."""
    return Path(module).with_name(name).read_text()


def filled(script: str, words: Mapping[str, str]) -> str:
    """A script with `@name@` replaced by the words of that name, all at once.

    What a word holds is never expanded again.

    Args:
        words: shell words, quoted where they have to be.

    Raises:
        KeyError: the script has a name that there are no words for.
    """
    return NAME.sub(lambda found: words[found[1]], script)
