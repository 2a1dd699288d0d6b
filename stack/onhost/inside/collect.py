"""Has Django collect the static files of a project without STATIC_ROOT."""

import os

from django.conf import settings
from django.core.management import call_command


def main() -> None:
    """Into the folder that is named."""
    settings.STATIC_ROOT = os.environ["COLLECT_INTO"]
    call_command("collectstatic", interactive=False)
