"""Copy standard input to standard output, with the values of environment variables masked.

python3 masking.py NAME...
"""

import os
import sys
from urllib.parse import quote

MASKED = "*MASKED*"


def main(names: list[str]) -> None:
    """As they are, and as they stand in a URL; the longest first, which may hold another."""
    plain = [os.environ[name] for name in names if os.environ.get(name)]
    values = {*plain, *map(quote, plain), *(quote(value, safe="") for value in plain)}
    text = sys.stdin.read()
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, MASKED)
    sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
