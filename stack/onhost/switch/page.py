"""The words of a page, for a person at a terminal."""

import html
import re

UNSEEN = re.compile(r"<!--.*?(-->|$)|<(style|script|title|head)\b.*?(</\2\s*>|$)", re.S | re.I)
TAG = re.compile(r"<[^>]*>?")
TITLE = re.compile(r"<title\b[^>]*>(.*?)</title", re.S | re.I)
MOST_CHARACTERS = 300


def words_of(page: str) -> str:
    """What a visitor reads of it, on one line; its title where the beginning has nothing more."""
    if text := printable(html.unescape(TAG.sub(" ", UNSEEN.sub(" ", page)))):
        return text
    title = TITLE.search(page)
    return printable(html.unescape(title.group(1))) if title else ""


def printable(text: str) -> str:
    """The same on one line, without what a terminal would obey, and not for ever."""
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]} …"
