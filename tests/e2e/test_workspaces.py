"""Projects that bring packages of their own, in folders beside or above Django's."""

import subprocess
from collections.abc import Callable

import pytest

from stack.source.uv import path_of_uv
from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.e2e.test_projects import MANAGE, SETTINGS, WSGI, write
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

URLS = """
import common
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse(common.WORD))]
"""
ROOT = '[tool.uv.workspace]\nmembers = ["apps/*", "libs/*"]\n'
WEB = """
[project]
name = "web"
version = "1"
requires-python = ">=3.11"
dependencies = ["Django==5.2.*", "common"]

[tool.uv.sources]
common = { workspace = true }
"""
OTHER = """
[project]
name = "other"
version = "1"
requires-python = ">=3.11"
dependencies = ["certifi"]
"""
COMMON = """
[project]
name = "common"
version = "1"
requires-python = ">=3.11"
dependencies = ["idna"]

[build-system]
requires = ["setuptools>=61"]
build-backend = "setuptools.build_meta"
"""


@pytest.fixture
def host(lab: Lab) -> Host:
    """A host that reaches an index: what is built there needs what builds it."""
    return lab.host("workspace", base="bare")


@pytest.mark.long
def test_a_workspace_is_deployed_with_its_own_packages_as_they_are(
    host: Host, controller: Callable[..., Controller]
) -> None:
    its = controller(host)
    source = its.folder / "project"
    for name, text in {
        "pyproject.toml": ROOT,
        "apps/web/pyproject.toml": WEB,
        "apps/web/manage.py": MANAGE,
        "apps/web/fooproject/__init__.py": "",
        "apps/web/fooproject/settings.py": SETTINGS.replace(', "shop"', ""),
        "apps/web/fooproject/urls.py": URLS,
        "apps/web/fooproject/wsgi.py": WSGI,
        "apps/other/pyproject.toml": OTHER,
        "libs/common/pyproject.toml": COMMON,
        "libs/common/common/__init__.py": 'import idna\nWORD = "first"\n',
    }.items():
        write(source / name, text)
    subprocess.run([path_of_uv(), "lock", "--quiet"], cwd=source, check=True)
    its.data = {
        "source": str(source),
        "src": "apps/web",
        "requirements": "uv.lock",
        "migrate": "off",
        "gate_seconds": 1,
    }
    its.apply()
    assert its.plan() == []
    assert get(host).text == "first"
    installed = host.enter("/home/fooproject/.virtualenvs/fooproject/bin/pip list").stdout
    assert "certifi" not in installed, "what another member needs"

    write(source / "libs/common/common/__init__.py", 'import idna\nWORD = "second"\n')
    its.apply()
    assert its.plan() == []
    assert get(host).text == "second"
    its.pyinfra("rollback.py", "-y")
    assert get(host).text == "first", "releases share no folder of it"

    # The same beside the hashes of a requirements file, as pip-compile leaves it.
    words = ["export", "--quiet", "--frozen", "--package=web", "--no-emit-workspace", "--no-header"]
    hashed = subprocess.run(
        [path_of_uv(), *words], cwd=source, check=True, capture_output=True, text=True
    ).stdout
    write(source / "requirements.txt", f"{hashed}./libs/common\n")
    write(source / "libs/common/common/__init__.py", 'import idna\nWORD = "third"\n')
    its.data["requirements"] = "requirements.txt"
    its.apply()
    assert its.plan() == []
    assert get(host).text == "third"
