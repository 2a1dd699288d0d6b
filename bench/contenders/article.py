"""The article's set-up by hand, its own files of Nginx and Supervisor in the place of ours."""

from collections.abc import Mapping
from pathlib import Path

from bench.contenders.contender import Contender, by_hand
from bench.preparing import Preparation, write_files
from stack.host.files import File
from tests.lab import Host
from tests.unit import article
from tests.unit.hosts import sample_target

ENVIRONMENT = 'environment=SECRET_KEY="{secret_key}",RELEASE_ID="RELEASE"\n'
"""Of which the article does not speak, and without which the sample project does not start."""


def by_the_article(preparation: Preparation, host: Host) -> Contender:
    """The same project on a host as the article has it."""
    return by_hand(host, *given(preparation))


def given(preparation: Preparation) -> tuple[Mapping[str, object], Path]:
    """What the inventory of ours has, with the article's files, and Supervisor's program."""
    target = sample_target()
    settings, declared = target.settings, target.files
    files = [
        *(declared.login + declared.logs + declared.supervisor),
        File("/etc/nginx/nginx.conf", article.nginx(settings)),
        File("/etc/nginx/sites-available/default", article.site(settings)),
    ]
    folder = preparation.folder / "article"
    write_files(folder, files)
    data = {**preparation.data(), "files": str(folder)}
    program = preparation.folder / "program.conf"
    program.write_text(article.program(settings).lstrip() + ENVIRONMENT.format_map(data))
    return data, program
