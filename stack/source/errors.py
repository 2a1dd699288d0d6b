"""The exceptions of sources."""

import re

from stack.host.printable import printable


class SourceError(Exception):
    """The source cannot be used; one line for a person.

    `setting` is the setting to blame, source or revision; `value` is what it holds.
    """

    def __init__(self, setting: str, value: str, reason: str) -> None:
        super().__init__(f'{setting} = "{without_user(value)}": {printable(without_user(reason))}')
        self.setting = setting


class TooLargeError(SourceError):
    """A file of the source has more than what is read whole."""


class GitError(Exception):
    """git failed, or is not there; `said` is what it said, on one line, perhaps nothing.

    `was_ended` is whether somebody else has ended it: Ctrl-C, or the kernel for want of memory.
    """

    def __init__(self, said: str, was_ended: bool = False) -> None:
        super().__init__(said or "git failed and said nothing")
        self.said = said
        self.was_ended = was_ended


def without_user(text: str) -> str:
    """The text with the user and password of URLs left out."""
    return re.sub(r"://[^/@\s'\"]*@", "://", text)
