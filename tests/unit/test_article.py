"""The rendered files against the article's: every difference is a row of
docs/from-the-article.md, and no other.
"""

import re
from collections.abc import Mapping
from configparser import RawConfigParser
from functools import cache
from pathlib import Path

import pytest

from stack.host.files import File
from stack.project.target import Target
from stack.settings import Settings, load
from tests.unit import article

PAGE = Path(__file__).parents[2] / "docs" / "from-the-article.md"

NGINX = "nginx.conf"
SITE = "sites-available/default"
SUPERVISOR = "supervisord.conf"
PROGRAM = "conf.d/fooproject.conf"


# Reading both kinds of file

Key = tuple[str, ...]
Values = dict[Key, str]
"""By the blocks that it is in and its name, what each directive or key says."""

TOKEN = re.compile(r"""\s+|\#[^\n]*|(?P<word>"[^"]*"|'[^']*'|[^\s;{}"'\#]+)|(?P<end>[;{}])""")
REPEATED = {"include", "listen", "proxy_set_header"}


def read_nginx(text: str) -> Values:
    values: Values = {}
    blocks: list[str] = []
    words: list[str] = []
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        assert token, f"nginx cannot read {text[position : position + 40]!r}"
        position = token.end()
        if word := token["word"]:
            words.append(word)
        elif token["end"] == "}":
            assert not words, f"{words} does not end with ;"
            blocks.pop()
        elif end := token["end"]:
            # A location is the same one with and without a slash at its end.
            header = re.sub(r"(?<=\w)/$", "", " ".join(words))
            name = " ".join(words[:2]) if words[0] in REPEATED else words[0]
            key = (*blocks, header if end == "{" else name)
            assert key not in values, f"{key} stands there twice"
            values[key] = " ".join(words[1:])
            if end == "{":
                blocks.append(header)
            words = []
    assert not blocks, f"{blocks} is not closed"
    assert not words, f"{words} does not end with ;"
    return values


def read_supervisor(text: str) -> Values:
    parser = RawConfigParser()
    parser.read_string(text)
    values: Values = {}
    for section in parser.sections():
        values[(f"[{section}]",)] = ""
        values |= {(f"[{section}]", key): value for key, value in parser.items(section)}
    return values


READERS = {
    NGINX: (article.nginx, read_nginx),
    SITE: (article.site, read_nginx),
    SUPERVISOR: (article.supervisor, read_supervisor),
    PROGRAM: (article.program, read_supervisor),
}


# What differs, and what the page says of it


@cache
def files(timeout_seconds: int) -> tuple[Settings, Mapping[str, str]]:
    """The files as the defaults make them, by their paths, but for the timeout."""
    settings = load({"source": ".", "timeout_seconds": timeout_seconds}, "web1")
    everything = Target(settings).files.all
    return settings, {f.path: f.content for f in everything if isinstance(f, File)}


def both(name: str, timeout_seconds: int = 60) -> tuple[Values, Values]:
    """The article's file, and ours."""
    theirs, read = READERS[name]
    settings, contents = files(timeout_seconds)
    (ours,) = (text for path, text in contents.items() if path.endswith(f"/{name}"))
    return read(theirs(settings)), read(ours)


def differences(name: str) -> dict[str, tuple[str, str]]:
    """What is said differently here, by its name: the article's values, and ours."""
    found: dict[str, tuple[str, str]] = {}
    for timeout_seconds in (60, 90):
        theirs, ours = both(name, timeout_seconds)
        for key in sorted(theirs.keys() | ours.keys()):
            # A section or block that only one of them has counts as one.
            around = (key[:depth] for depth in range(1, len(key)))
            if any((whole in theirs) != (whole in ours) for whole in around):
                continue
            if theirs.get(key) != ours.get(key):
                before = found.get(key[-1], ("", ""))
                pair = (theirs.get(key, ""), ours.get(key, ""))
                found[key[-1]] = (f"{before[0]}\n{pair[0]}", f"{before[1]}\n{pair[1]}")
    return found


def rows() -> list[tuple[str, list[str], str, str]]:
    """The page's departures in these files: file, names, the article's cell, and ours."""
    found = []
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip().replace(r"\|", "|") for cell in line.strip("| ").split(" | ")]
        file, *names = re.findall(r"`([^`]+)`", cells[0]) or [""]
        if file in READERS:
            found.append((file, names, cells[1], cells[2]))
    return found


@pytest.mark.parametrize("name", READERS)
def test_every_difference_from_the_article_is_a_row_of_the_page_and_no_other(name: str) -> None:
    told = [key for file, keys, _, _ in rows() if file == name for key in keys]
    assert sorted(told) == sorted(differences(name))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {', '.join(row[1])}")
def test_a_row_of_the_page_tells_the_values_as_they_are(
    row: tuple[str, list[str], str, str],
) -> None:
    file, keys, *cells = row
    found = [differences(file)[key] for key in keys]
    for cell, values in zip(cells, zip(*found, strict=True), strict=True):
        for code in re.findall(r"`([^`]+)`", cell):
            if code in Settings.model_fields:
                continue
            for part in code.replace("~", "/home/fooproject").split("…"):
                assert part.strip() in "\n".join(values)


def test_the_reader_of_nginx_files_misses_nothing() -> None:
    text = "a 1;\n# b 2;\nhttp { include x; include y; location /s/ { c 'd; e' \"f\"; } }"
    assert read_nginx(text) == {
        ("a",): "1",
        ("http",): "",
        ("http", "include x"): "x",
        ("http", "include y"): "y",
        ("http", "location /s"): "/s/",
        ("http", "location /s", "c"): "'d; e' \"f\"",
    }


@pytest.mark.parametrize("text", ["a 1", "a { b 1; ", "a 1; a 2;", 'a "b;', "a { b 1 }"])
def test_the_reader_of_nginx_files_refuses_what_it_cannot_read(text: str) -> None:
    with pytest.raises(AssertionError):
        read_nginx(text)
