"""Where a project collects its static files, and by which URL it asks for them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings

NOTE = ".static"
"""In the release's folder: where its static files are, from there, and whose choice that was. Empty
when Django has none."""


def misplaced() -> Iterator[str]:
    """Lines about what Nginx would not serve; leaves the note for the steps to come."""
    release = Path(os.environ["RELEASE_FOLDER"]).resolve()
    has_app = apps.is_installed("django.contrib.staticfiles")
    if has_app:
        yield from asked_elsewhere("STATIC_URL", "static_url", os.environ["STATIC"])
    root = _root(release)
    if not has_app and not (_are_committed() and _is_apart(root, release)):
        (release / NOTE).write_text("\n")
        return
    if release / "source" in root.parents:
        if re.fullmatch(r"[A-Za-z0-9_.@+/ -]+", str(root)):
            whose = "the project's" if settings.STATIC_ROOT else "ours"
            (release / NOTE).write_text(f"{root.relative_to(release)}\n{whose}\n")
        else:
            what = "STATIC_ROOT" if settings.STATIC_ROOT else str(root)
            yield f"{what} has more in its name than letters, digits and _ . @ + -."
        return
    yield (
        f"STATIC_ROOT is {root}, outside of the release, whose static files would take the place "
        f"of those that are being served.{_told_by(root, release)}"
    )


def asked_elsewhere(name: str, setting: str, wanted: str) -> Iterator[str]:
    """A URL of Django's against where Nginx serves. Another host's is no matter of Nginx's."""
    asked = str(getattr(settings, name) or "")
    url = urlsplit(asked)
    path = f"/{url.path.strip('/')}/"
    if is_of_another(url.hostname) or not url.path or path == wanted:
        return
    if path == "//":
        yield f"{name} is /, where the site's pages are: Nginx cannot tell them apart."
        return
    yield (f"{name} is {asked}, and Nginx serves {wanted}. Write: {setting} = {json.dumps(path)}")


def is_of_another(host: str | None) -> bool:
    """Whether the host of a URL is none of the site's own names, as they are written.

    What a name with * covers may as well be somebody else's.
    """
    names = os.environ["NAMES"].lower().split() if host else []
    return bool(host) and host not in [one.removeprefix(".") for one in names]


def _root(release: Path) -> Path:
    """STATIC_ROOT. Of a project without one, where its files are committed as they are to be
    served; else a folder in src that its source does not have."""
    src = (release / "src").resolve()
    if settings.STATIC_ROOT:
        return Path(src / settings.STATIC_ROOT).resolve()
    sources = [(src / folder).resolve() for folder in _sources()]
    usual = src / "static"
    if not _are_committed():
        return src / "staticfiles" if usual in sources or usual.exists() else usual
    have_prefix = any(isinstance(one, list | tuple) for one in settings.STATICFILES_DIRS)
    # Of several, or with a prefix, none has the names that visitors ask for.
    alone = sources if len(sources) == 1 and not have_prefix else []
    for folder in (usual.resolve(), *alone):
        if folder.is_dir() and _is_apart(folder, release):
            return folder
    # The project's own commands may be yet to make it.
    return src / "staticfiles" if usual.exists() else usual


def _are_committed() -> bool:
    """Whether nobody collects them: the setting `collectstatic` says so."""
    return os.environ["COLLECTS"] == "never"


def _is_apart(folder: Path, release: Path) -> bool:
    """Whether a folder lies in the release, and does not hold the code as a whole."""
    src = (release / "src").resolve()
    return release / "source" in folder.parents and folder not in (src, *src.parents)


def _sources() -> Iterator[str]:
    for one in settings.STATICFILES_DIRS:
        yield str(one[1] if isinstance(one, list | tuple) else one)


def _told_by(static: Path, release: Path) -> str:
    """Which setting says so."""
    shared = json.loads(os.environ["SHARED"])
    held = [one for one in shared if (release / "src" / one).resolve() in (static, *static.parents)]
    if held:
        what = f"{held[0]} of the setting shared has it: share what else is in there"
        return f" {what}, folder by folder, and not {held[0]} as a whole."
    root = str(settings.STATIC_ROOT)
    declared = os.environ.get("DECLARED", "").split()
    names = [name for name in declared if root.startswith(os.environ.get(name, "") or "-")]
    if names:
        return f" It comes from {' and '.join(names)} in the setting env."
    return (
        " Expected a folder below BASE_DIR: set STATIC_ROOT to one in a settings module that the "
        "setting files brings, as look.py prints one."
    )
