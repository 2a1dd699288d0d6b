"""What is told of files that pages ask another host for, as a release's Django is asked."""

from types import SimpleNamespace

import pytest

from stack.onhost.inside import apart, static


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A release of a site whose uploads are served too."""
    for name, value in {
        "STATIC": "/static/",
        "MEDIA": "media",
        "MEDIA_AT": "/media/",
        "NAMES": "shop.example.com *.example.org .example.net",
    }.items():
        monkeypatch.setenv(name, value)
    django = SimpleNamespace(STATIC_URL="/static/", MEDIA_URL="/media/")
    installed = SimpleNamespace(is_installed=lambda _: True)
    for module in (apart, static):
        monkeypatch.setattr(module, "settings", django)
        monkeypatch.setattr(module, "apps", installed)
    monkeypatch.setattr(apart, "staticfiles_storage", "files")
    monkeypatch.setattr(apart, "default_storage", "files")
    monkeypatch.setattr(apart, "is_in_files", lambda storage: storage == "files")
    return django


@pytest.mark.parametrize(
    ("url", "pulls"),
    [
        ("https://static.example.com/", "needs /static/ as its origin's path."),
        ("https://static.example.com", "needs /static/ as its origin's path."),
        ("//static.example.com/static/", "finds them."),
        ("https://cdn.example.com/a/b/", 'finds them with static_url = "/a/b/".'),
        # What a name with * covers may be somebody else's.
        ("https://static.example.org/static/", "finds them."),
    ],
)
def test_static_files_of_another_host_are_told_and_refused_by_nobody(
    told: SimpleNamespace, url: str, pulls: str
) -> None:
    told.STATIC_URL = url
    assert [*static.asked_elsewhere("STATIC_URL", "static_url", "/static/")] == []
    [line] = apart.asked_of_others()
    assert line == (
        f"FILES ARE ASKED OF ANOTHER HOST: STATIC_URL is {url}, and Nginx serves /static/ here. A "
        f"CDN there that pulls from this server {pulls} Without one, have STATIC_URL name no host."
    )


def test_uploads_of_another_host_are_told(told: SimpleNamespace) -> None:
    told.MEDIA_URL = "https://media.example.com/up/"
    [line] = apart.asked_of_others()
    assert "MEDIA_URL is https://media.example.com/up/" in line
    assert 'media_url = "/up/"' in line


@pytest.mark.parametrize("host", ["shop.example.com", "SHOP.example.com:8443", "example.net"])
def test_a_name_of_the_sites_own_is_no_other_host(told: SimpleNamespace, host: str) -> None:
    told.STATIC_URL = f"https://{host}/assets/"
    assert [*apart.asked_of_others()] == []
    [line] = static.asked_elsewhere("STATIC_URL", "static_url", "/static/")
    assert line.endswith('Write: static_url = "/assets/"')
    assert [*static.asked_elsewhere("STATIC_URL", "static_url", "/assets/")] == []


def test_a_bucket_that_has_the_files_itself_is_not_told(
    told: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.STATIC_URL = told.MEDIA_URL = "https://bucket.example.com/"
    monkeypatch.setattr(apart, "staticfiles_storage", "a bucket")
    monkeypatch.setattr(apart, "default_storage", "a bucket")
    assert [*apart.asked_of_others()] == []
