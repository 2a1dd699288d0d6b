"""Whether a path of root's is as declared: any single difference says no."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from stack.host.files import Declared, Directory, File, Link, out_of_place
from stack.host.observation import Entry
from stack.project.site import Site

TEXT = "server { proxy_pass http://127.0.0.1:8000/; }\n"
MASKED = "server { proxy_pass; }\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


FILE = Entry("file", "644", "root", "root", changed=1.0, modified=1.0, sha256=sha256(TEXT))
SITE = replace(FILE, masked_sha256=sha256(MASKED))
FOLDER = Entry("directory", "750", "root", "users", changed=1.0, modified=1.0)
LINK = Entry("link", "777", "root", "root", changed=1.0, modified=1.0, target="/b")

IN_PLACE: dict[str, tuple[Declared, Entry]] = {
    "file": (File("/a", TEXT), FILE),
    "empty file": (File("/a", ""), replace(FILE, sha256=sha256(""))),
    "program": (File("/a", TEXT, "755"), replace(FILE, mode="755")),
    "site": (Site("/a", TEXT), SITE),
    "site that proxies elsewhere": (Site("/a", TEXT), replace(SITE, sha256=sha256("other"))),
    "folder": (Directory("/a", "750", "users"), FOLDER),
    "link": (Link("/a", "/b"), LINK),
    "file that was touched": (File("/a", TEXT), replace(FILE, changed=9.0, modified=9.0)),
}


@pytest.mark.parametrize(("declared", "entry"), IN_PLACE.values(), ids=IN_PLACE)
def test_what_is_as_declared_is_in_place(declared: Declared, entry: Entry) -> None:
    assert declared.is_in_place(entry)


@pytest.mark.parametrize("declared", [it for it, _ in IN_PLACE.values()], ids=IN_PLACE)
def test_what_is_not_there_is_not_in_place(declared: Declared) -> None:
    assert not declared.is_in_place(None)


DRIFT: list[tuple[str, dict[str, Any]]] = [
    ("file", {"sha256": sha256(TEXT + "\n")}),
    ("file", {"sha256": ""}),
    ("file", {"mode": "664"}),
    ("file", {"mode": "4644"}),
    ("file", {"owner": "fooproject"}),
    ("file", {"group": "users"}),
    ("file", {"kind": "link"}),
    ("file", {"kind": "directory"}),
    ("file", {"kind": "p"}),
    ("program", {"mode": "644"}),
    ("site", {"masked_sha256": sha256("other")}),
    ("site", {"masked_sha256": ""}),
    ("site", {"mode": "600"}),
    ("site", {"owner": "www-data"}),
    ("site", {"group": "users"}),
    ("site", {"kind": "link"}),
    ("folder", {"mode": "755"}),
    ("folder", {"owner": "fooproject"}),
    ("folder", {"group": "root"}),
    ("folder", {"kind": "file"}),
    ("folder", {"kind": "link"}),
    ("link", {"target": "/c"}),
    ("link", {"target": ""}),
    ("link", {"kind": "file"}),
    ("link", {"kind": "directory"}),
]


@pytest.mark.parametrize(("case", "change"), DRIFT)
def test_what_differs_in_one_thing_is_not_in_place(case: str, change: dict[str, Any]) -> None:
    declared, entry = IN_PLACE[case]
    assert not declared.is_in_place(replace(entry, **change))


def test_what_lies_below_a_symlink_in_the_place_of_a_folder_is_out_of_place() -> None:
    folder, file = Directory("/a"), File("/a/b", "text")
    entries = {
        "/a": Entry("directory", "755", "root", "root", 1.0, 1.0),
        "/a/b": Entry("file", "644", "root", "root", 1.0, 1.0, sha256=sha256("text")),
    }
    assert out_of_place([folder, file], entries) == []
    entries["/a"] = Entry("link", "777", "root", "root", 1.0, 1.0, "/elsewhere")
    assert out_of_place([folder, file], entries) == [folder, file]
