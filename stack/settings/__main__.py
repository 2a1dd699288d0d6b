"""`python -m stack.settings` renews the table of the settings in this folder's docs/settings.md."""

import sys
from pathlib import Path

from stack.settings.table import with_table


def main() -> None:
    """Rewrites docs/settings.md in place; exits with a line when that cannot be."""
    page = Path("docs/settings.md")
    try:
        page.write_text(with_table(page.read_text(encoding="utf-8")), encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
