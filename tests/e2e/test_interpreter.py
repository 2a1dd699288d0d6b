"""A Python that is brought: from a mirror of the tests, which has the host's as another version."""

import hashlib
import json
import platform
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.source import cache
from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at
from tests.lab import Host

pytestmark = pytest.mark.e2e

FOLDER = "/opt/django-stack/python"
PACK = (
    "cd $(mktemp -d) && mkdir -p python/bin python/lib && cp /usr/bin/python3.11 python/bin && "
    "ln -s python3.11 python/bin/python3 && cp -a /usr/lib/python3.11 python/lib && "
    "rm python/lib/python3.11/sitecustomize.py && "
    "tar czf - python"
)


@pytest.fixture(scope="module")
def build(standing: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a builder's archive has, made of what is on the host."""
    path = tmp_path_factory.mktemp("build") / "python.tar.gz"
    with path.open("wb") as file:
        subprocess.run([*standing.ssh_argv(), PACK], stdout=file, check=True, timeout=60)
    yield path
    for kept in cache.folder("pythons").glob("3.11.9[89]-*"):
        kept.unlink()


def mirror(build: Path, *patches: int) -> str:
    """The URL of a list that has it as so many versions of Python 3.11."""
    arch = platform.machine()
    builds = {
        f"cpython-3.11.{patch}-linux-{arch}-gnu": {
            "name": "cpython",
            "arch": {"family": arch, "variant": None},
            "os": "linux",
            "libc": "gnu",
            "major": 3,
            "minor": 11,
            "patch": patch,
            "prerelease": "",
            "url": build.as_uri(),
            "sha256": hashlib.sha256(build.read_bytes()).hexdigest(),
            "variant": None,
            "build": "20260101",
        }
        for patch in patches
    }
    path = build.with_name(f"{max(patches)}.json")
    path.write_text(json.dumps(builds))
    return path.as_uri()


def python_of_the_site(web: Host) -> str:
    """The interpreter that Gunicorn's main process runs on."""
    pid = web.enter("supervisorctl pid django").stdout.strip()
    return web.enter(f"readlink /proc/{pid}/exe").stdout.strip()


def there(web: Host) -> list[str]:
    return web.enter(f"ls {FOLDER} 2>/dev/null || :").stdout.split()


@pytest.mark.long
@pytest.mark.threat(
    "another project's user",
    "write to a Python that was brought, which all projects of the server run",
    "`/opt/django-stack/python` is root's, whoever made the archive, and nobody else writes there",
)
def test_a_python_is_brought_once_kept_while_needed_and_then_removed(
    web: Host, site: Controller, build: Path
) -> None:
    before = release_at(web)
    site.data |= {"python": "3.11", "python_mirror": mirror(build, 98), "keep_releases": 2}
    planned = site.plan()
    assert "Python | Bring Python 3.11.98" in planned
    assert there(web) == []
    assert sorted(site.apply().changed) == sorted(planned)
    assert site.plan() == []
    assert release_at(web) != before
    assert python_of_the_site(web) == f"{FOLDER}/3.11.98/bin/python3.11"
    assert there(web) == ["3.11.98", "3.11.98.fooproject"]
    assert get(web, "/health").status == 200
    wrong = f"find {FOLDER} -not -user root -o -perm /022 -not -type l"
    assert web.enter(wrong).stdout == ""
    compiled = f"find {FOLDER}/3.11.98/lib -path '*/json/__pycache__/*.pyc'"
    assert web.enter(compiled).stdout
    sysconfig = (
        f"{FOLDER}/3.11.98/bin/python3 -m sysconfig | grep -c {cache.folder('pythons')} || :"
    )
    assert web.enter(sysconfig).stdout == "0\n"

    # A newer one is another release; the one before goes back to its own.
    site.data["python_mirror"] = mirror(build, 98, 99)
    planned = site.plan()
    assert "Python | Bring Python 3.11.99" in planned
    site.apply()
    assert python_of_the_site(web) == f"{FOLDER}/3.11.99/bin/python3.11"
    site.pyinfra("rollback.py", "-y")
    assert python_of_the_site(web) == f"{FOLDER}/3.11.98/bin/python3.11"
    del site.data["python"], site.data["python_mirror"]
    planned = site.plan()
    assert planned[-1] == "Python | Remove those that no release needs"
    assert sorted(site.apply().changed) == sorted(planned)
    assert site.plan() == []
    assert there(web) == ["3.11.99", "3.11.99.fooproject"], "a release that is kept needs it"


def test_a_python_is_compared_to_its_last_number_with_what_the_project_wants(
    web: Host, site: Controller
) -> None:
    told = web.enter("python3 -c 'import sys; print(*sys.version_info[:3])'").stdout.split()
    series, patch = f"{told[0]}.{told[1]}", int(told[2])
    pyproject = site.project() / "pyproject.toml"
    start = '[project]\nname = "shop"\nversion = "1"\nrequires-python = '
    for wanted in (f"=={series}.{patch}", f">={series}.{patch}", f"<={series}.{patch}"):
        pyproject.write_text(f'{start}"{wanted}"\n')
        assert site.plan() != []
    for wanted in (f">={series}.{patch + 1}", f"<{series}.{patch}"):
        pyproject.write_text(f'{start}"{wanted}"\n')
        refused = site.pyinfra("deploy.py", "--dry", check=False)
        assert refused.returncode
        assert f"is Python {series}.{patch}, and pyproject.toml has" in refused.output


@pytest.mark.long
def test_a_python_that_nobody_has_is_told_before_anything_is_changed(
    web: Host, site: Controller, build: Path
) -> None:
    site.data |= {"python": "3.12", "python_mirror": mirror(build, 98)}
    told = site.apply(check=False)
    assert told.returncode
    assert 'python = "3.12": uv knows no such Python for Linux' in told.output
    assert there(web) == []
    site.data |= {"python": "3.11", "python_mirror": (build.parent / "none.json").as_uri()}
    told = site.apply(check=False)
    assert told.returncode
    assert 'python = "3.11": uv: ' in told.output
    assert "none.json" in told.output
    assert "Traceback" not in told.output
