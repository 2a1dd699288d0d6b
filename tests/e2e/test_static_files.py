"""Static files over releases, as browsers that have them ask again."""

from typing import Any

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import Answer, get
from tests.lab import Host

pytestmark = pytest.mark.e2e


def again(web: Host, path: str, had: Answer, *names: str) -> Answer:
    """What a browser is told that has an answer already, and asks by some of its headers."""
    asked = {"last-modified": "If_Modified_Since", "etag": "If_None_Match"}
    headers: dict[str, Any] = {asked[name]: had.headers[name] for name in names}
    return get(web, path, **headers)


@pytest.mark.long
@pytest.mark.parametrize("collectstatic", [False, True])
def test_a_static_file_is_taken_for_changed_when_it_is_and_never_else(
    site: Controller, web: Host, collectstatic: bool
) -> None:
    static = site.project() / ("guestbook/static" if collectstatic else "static")
    static.mkdir(exist_ok=True)
    for name in ("same", "new", "gone"):
        (static / f"{name}.txt").write_text("one")
    site.data["collectstatic"] = collectstatic
    if not collectstatic:
        # Names with digests come from a file that Django makes as it collects.
        settings = site.project() / "fooproject" / "settings.py"
        settings.write_text(settings.read_text().replace("ManifestStatic", "Static"))
    site.apply()
    had = {name: get(web, f"/static/{name}.txt") for name in ("same", "new", "gone")}
    assert {answer.text for answer in had.values()} == {"one"}

    (static / "new.txt").write_text("two")  # as long as before
    (static / "gone.txt").unlink()
    site.apply()
    for names in (["last-modified"], ["etag"], ["last-modified", "etag"]):
        assert again(web, "/static/new.txt", had["new"], *names).text == "two"
        assert again(web, "/static/same.txt", had["same"], *names).status == 304
        assert again(web, "/static/gone.txt", had["gone"], *names).status == 304
    assert get(web, "/static/gone.txt").text == "one"
    assert site.plan() == []
