"""Assets for the sample project's page: those of a form of Django's admin, which any host has."""

from pathlib import Path

STYLES = "base dark_mode nav_sidebar forms widgets responsive".split()
SCRIPTS = (
    "theme nav_sidebar vendor/jquery/jquery.min jquery.init core admin/RelatedObjectLookups "
    "actions urlify prepopulate vendor/xregexp/xregexp.min calendar admin/DateTimeShortcuts "
    "SelectBox SelectFilter2"
).split()
NAMES = [
    *(f"admin/css/{name}.css" for name in STYLES),
    *(f"admin/js/{name}.js" for name in SCRIPTS),
]
COLLECTED = """
import django

STATICFILES_DIRS = [Path(django.__file__).parent / "contrib" / "admin" / "static"]
"""


def add(source: Path) -> None:
    """Have the page of a copy of the project name all of them."""
    with (source / "fooproject" / "settings.py").open("a") as settings:
        settings.write(COLLECTED)
    page = source / "guestbook" / "templates" / "guestbook" / "index.html"
    head, tail = page.read_text().split("  </head>")
    page.write_text(head + "".join(map(element, NAMES)) + "  </head>" + tail)


def element(name: str) -> str:
    url = f"{{% static '{name}' %}}"
    if name.endswith(".css"):
        return f'    <link rel="stylesheet" href="{url}">\n'
    return f'    <script src="{url}" defer></script>\n'
