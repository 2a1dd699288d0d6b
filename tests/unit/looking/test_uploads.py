"""Uploads: which Nginx serves, and which it must not."""

import pytest

from tests.unit.looking.shop import Look

SQLITE = (
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / %r}}\n"
)
PRIVATE = "MEDIA_ROOT = BASE_DIR / 'data' / 'private' / 'media'\nMEDIA_URL = '/files/'\n"


@pytest.mark.parametrize(
    ("root", "is_private"),
    [
        ("data/private/media", True),
        ("Protected-Media", True),
        ("secure_uploads", True),
        ("var/internal", True),
        ("data/public/media", False),
        ("privateers/media", False),
    ],
)
def test_uploads_whose_path_says_that_they_are_private_are_not_served(
    seen: Look, root: str, is_private: bool
) -> None:
    its = seen({}, settings=f"MEDIA_ROOT = BASE_DIR / {root!r}\nMEDIA_URL = '/files/'\n")
    served = {"media_root": root, "media_url": "/files/"}
    assert its.plain == {"env": ["SECRET_KEY"], **({"shared": [root]} if is_private else served)}
    assert (
        "# media_root: left out, because Nginx would serve it to everybody" in its.text
    ) == is_private
    its.loads()


@pytest.mark.parametrize(
    ("database", "shared"),
    [
        ("db.sqlite3", ["db.sqlite3", "data/private/media"]),
        ("data/private/media/db.sqlite3", ["data/private/media"]),
    ],
)
def test_private_uploads_are_kept_beside_the_database(
    seen: Look, database: str, shared: list[str]
) -> None:
    its = seen({}, settings=SQLITE % database + PRIVATE)
    assert its.names["shared"] == shared
    its.loads()


def test_a_folder_that_is_kept_whole_keeps_private_uploads(seen: Look) -> None:
    log = "LOGGING = {'handlers': {'file': {'filename': BASE_DIR / 'data' / 'site.log'}}}\n"
    its = seen({}, settings=SQLITE % "data/db.sqlite3" + log + PRIVATE)
    assert its.names["shared"] == ["data"]
    assert "# media_root: left out, because Nginx would serve it to everybody" in its.text
    its.loads()


def test_uploads_of_which_reading_does_not_tell_are_not_passed_over(seen: Look) -> None:
    its = seen({}, settings="import vault\nMEDIA_ROOT = vault.get('media')\n")
    assert "where MEDIA_ROOT is cannot be told by reading" in its.text
    its.loads()
