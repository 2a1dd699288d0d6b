"""Whether the uploads that Nginx is to serve are where Django keeps them."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from .static import asked_elsewhere


def unserved() -> Iterator[str]:
    """Lines about uploads that visitors would not get."""
    wanted = os.environ["MEDIA"]
    if not wanted:
        return
    src = (Path(os.environ["RELEASE_FOLDER"]) / "src").resolve()
    if not settings.MEDIA_ROOT:
        yield f"Django has no MEDIA_ROOT, and media_root = {json.dumps(wanted)}: leave it out."
        return
    root = src / settings.MEDIA_ROOT
    if root.resolve() != (src / wanted).resolve():
        if src in root.parents:
            right = f"Write: media_root = {json.dumps(str(root.relative_to(src)))}"
        else:
            right = f"Expected {src.name}/{wanted}."
        yield f"MEDIA_ROOT is {root}, and media_root = {json.dumps(wanted)}. {right}"
    yield from asked_elsewhere("MEDIA_URL", "media_url", os.environ["MEDIA_AT"])
