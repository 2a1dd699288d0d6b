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


STORAGES = "STORAGES = {'default': {'BACKEND': %r}}\n"
DSN = "STORAGE_DSN = os.environ.get('STORAGE_DSN', '/data/')\nItsStorage = made('STORAGE_DSN')\n"


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        (f"from storage_url import made\n{DSN}", "shop.settings.ItsStorage"),
        ("", "storages.backends.s3.S3Storage"),
        ("", "shop.storage.Bucket"),
        ("", "shop.broken.Storage"),
    ],
)
@pytest.mark.parametrize("setting", [STORAGES, "DEFAULT_FILE_STORAGE = %r\n"])
def test_uploads_that_go_into_no_files_have_no_media_root(
    seen: Look, setting: str, text: str, backend: str
) -> None:
    files = {
        "shop/storage.py": "class Bucket(S3Storage):\n    pass\n",
        "shop/broken.py": "no Python",
    }
    its = seen(files, settings=f"MEDIA_ROOT = '/data/media'\n{text}{setting % backend}")
    assert its.plain == {"env": ["SECRET_KEY"]}
    [word] = its.found.words["media_root"]
    assert f"{backend} has the uploads, and is not known to keep them below" in word
    assert ('STORAGE_DSN ("/data/" by default)' in word) == bool(text)
    assert its.wrong == ""
    its.loads()


@pytest.mark.parametrize(
    "backend",
    [
        "django.core.files.storage.FileSystemStorage",
        "shop.storage.Overwriting",
        "shop.storage.Renaming",
    ],
)
def test_a_storage_of_files_has_a_media_root(seen: Look, backend: str) -> None:
    text = "class Overwriting(storage.FileSystemStorage):\n    pass\nIts: type = Overwriting\n"
    text += "if vault.BUCKET:\n    Its = S3Storage\nclass Renaming(Its):\n    pass\n"
    files = {"shop/storage.py": text}
    its = seen(files, settings=f"MEDIA_ROOT = BASE_DIR / 'media'\n{STORAGES % backend}")
    assert its.names["media_root"] == "media"


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("SENDFILE_ROOT = MEDIA_ROOT\nSENDFILE_BACKEND = 'django_sendfile.backends.simple'\n", []),
        ("SENDFILE_ROOT = BASE_DIR\n", []),
        ("SENDFILE_ROOT = os.path.join(MEDIA_ROOT, 'papers')\n", []),
        ("SENDFILE_BACKEND = 'sendfile.backends.simple'\n", []),
        ("import vault\nSENDFILE_ROOT = vault.get('root')\n", []),
        ("PRIVATE_STORAGE_ROOT = str(MEDIA_ROOT)\n", []),
        ("PROTECTED_MEDIA_ROOT = f'{MEDIA_ROOT}/'\n", []),
        ("SENDFILE_ROOT = BASE_DIR / 'papers'\n", ["papers"]),
        ("PRIVATE_STORAGE_ROOT = BASE_DIR / 'papers'\n", ["papers"]),
        ("PRIVATE_MEDIA_ROOT = BASE_DIR / 'papers'\n", ["papers"]),
    ],
)
def test_uploads_that_the_site_guards_are_kept_and_not_served(
    seen: Look, text: str, shared: list[str]
) -> None:
    its = seen({}, settings=f"MEDIA_ROOT = BASE_DIR / 'media'\n{text}")
    assert its.names["shared"] == (shared or ["media"])
    assert its.names.get("media_root") == ("media" if shared else None)
    assert ("left out, because Nginx would serve it to everybody" in its.text) != bool(shared)
    its.loads()


def test_uploads_that_are_guarded_are_so_wherever_they_are_moved(seen: Look) -> None:
    its = seen({}, settings="MEDIA_ROOT = '/data/media'\nSENDFILE_ROOT = MEDIA_ROOT\n")
    assert its.names["shared"] == ["media"]
    assert "media_root" not in its.names
    on_servers = its.on_servers()
    assert on_servers["SENDFILE_ROOT"] == on_servers["MEDIA_ROOT"] == f"{its.source}/media"


def test_files_that_nginx_sends_for_the_site_need_a_location(seen: Look) -> None:
    text = "SENDFILE_BACKEND = 'django_sendfile.backends.nginx'\nSENDFILE_URL = '/protected'\n"
    its = seen({}, settings=f"SENDFILE_ROOT = BASE_DIR / 'papers'\n{text}")
    assert "has Nginx send files below /protected: an internal location" in its.text
    assert its.names["shared"] == ["papers"]


@pytest.mark.parametrize("otherwise", ["", "else:\n    MEDIA_ROOT = ''\n"])
def test_uploads_below_an_if_of_which_reading_does_not_tell_are_told(
    seen: Look, otherwise: str
) -> None:
    text = f"import vault\nif vault.open():\n    MEDIA_ROOT = BASE_DIR / 'media'\n{otherwise}"
    said = "whether MEDIA_ROOT is set here cannot be told by reading: its folder belongs in here"
    its = seen({}, settings=text)
    assert said in " ".join(its.found.words["media_root"])
    set_anyway = seen({}, settings=f"{text}MEDIA_ROOT = BASE_DIR / 'media'\n")
    assert set_anyway.found.words.get("media_root") is None
