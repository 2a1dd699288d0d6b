"""Whether Django has the settings of the module that is declared."""

import os
import sys
from collections.abc import Iterator

from django.conf import settings

NAMES = ("DEBUG", "SECRET_KEY")


def undone() -> Iterator[str]:
    """Lines about settings in whose place another one is in force, without what they are."""
    name = os.environ.get("DJANGO_SETTINGS_MODULE", "")
    module = sys.modules.get(name)
    its = {one: getattr(module, one) for one in NAMES if hasattr(module, one)}
    for one, text in its.items():
        # Django itself refuses an empty key.
        if text not in ("", None) and getattr(settings, one) != text:
            yield (
                f"{one} IS NOT AS {name} HAS IT: what that imports has put settings of its own in "
                f"the place of Django's, as dynaconf does. Set {one} by the variable in env that "
                "those have for it."
            )
