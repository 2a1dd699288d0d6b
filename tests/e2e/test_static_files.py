"""Static files over releases, as browsers that have them ask again."""

import gzip
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


@pytest.mark.long
def test_static_files_that_nobody_collects_are_served_and_a_view_answers_for_the_others(
    site: Controller, web: Host
) -> None:
    project = site.project()
    (project / "assets").mkdir()
    (project / "assets" / "app.css").write_text("committed")
    urls = project / "fooproject" / "urls.py"
    urls.write_text(
        "from django.http import HttpResponse\n"
        + urls.read_text()
        + 'urlpatterns += [path("static/hello.txt", lambda _: HttpResponse("a view"))]\n'
    )
    settings = project / "fooproject" / "settings.py"
    committed = settings.read_text().replace("ManifestStatic", "Static")
    committed = committed.replace("STATIC_ROOT = ", "_ = ")
    settings.write_text(committed + 'STATICFILES_DIRS = [BASE_DIR / "assets"]\n')
    site.data["collectstatic"] = False
    site.apply()
    assert get(web, "/static/app.css").text == "committed"
    assert get(web, "/static/hello.txt").text == "a view"
    assert get(web, "/static/nothing").status == 404

    settings.write_text(committed.replace('"django.contrib.staticfiles", ', ""))
    site.apply()
    assert get(web, "/static/hello.txt").text == "a view"
    # What Nginx may find is nothing but that there is none.
    release = "cd /home/fooproject/fooproject && "
    assert web.enter(f"{release}stat -c %a source static").stdout.split() == ["700", "755"]
    assert web.enter(f"{release}ls static").stdout == ""
    assert site.plan() == []


def packed(web: Host, path: str, **headers: Any) -> Answer:
    return get(web, path, Accept_Encoding="gzip", **headers)


@pytest.mark.long
def test_a_file_with_a_hash_in_its_name_is_sent_as_it_was_compressed_when_it_was_built(
    site: Controller, web: Host
) -> None:
    static = site.project() / "guestbook" / "static" / "guestbook"
    text = "/* one */\n" * 1000
    (static / "kept.css").write_text(text)
    (static / "open.css").write_text(text)
    site.apply()
    path = web.enter("cd /home/fooproject/fooproject/src && ls static/*/kept.*.css").stdout
    path = f"/{path.strip()}"
    had = packed(web, path)
    assert gzip.decompress(had.body).decode() == text
    # What is compressed as it is asked for has no length, and a tag that says so.
    assert had.headers["content-length"] == str(len(had.body))
    assert not had.headers["etag"].startswith("W/")
    assert had.headers["vary"] == "Accept-Encoding"
    assert had.headers["cache-control"] == "max-age=31536000, public, immutable"
    plain = get(web, path)
    assert (plain.text, plain.headers["content-type"]) == (text, had.headers["content-type"])
    assert "content-encoding" not in plain.headers

    # A file without one may be the app's to write.
    open_css = "/home/fooproject/fooproject/src/static/guestbook/open.css"
    new = "/* two */\n" * 1000
    web.enter(f"gzip -k {open_css} && cat > {open_css}", user="fooproject", input=new)
    assert gzip.decompress(packed(web, "/static/guestbook/open.css").body).decode() == new

    # Another program's, but of the same file.
    src = "/home/fooproject/fooproject/src"
    same = web.enter(f"cd {src} && ls static/*/open.*.css").stdout.strip()
    by_hand = f"cd {src} && rm {same}.gz && gzip -1 -k {same} && sha256sum < {same}.gz"
    of_hand = web.enter(by_hand, user="fooproject").stdout
    (static / "kept.css").unlink()
    site.apply()
    assert web.enter(f"sha256sum < {src}/{same}.gz").stdout == of_hand
    assert packed(web, path).body == had.body
    assert packed(web, path, If_None_Match=had.headers["etag"]).status == 304
    assert site.plan() == []
