"""Modules that settings import, and that may not be there."""

import pytest

from tests.unit.looking.shop import APP, SETTINGS, Look, moved


def test_a_package_in_a_folder_that_manage_adds(seen: Look) -> None:
    its = seen(
        {
            "manage.py": "import sys\nsys.path.insert(0, 'src')\n" + APP["manage.py"],
            **moved({name: APP[name] for name in APP if name.startswith("shop/")}, "src"),
            "src/shop/urls.py": "urlpatterns = [path('admin/', admin.site.urls)]",
            "src/shop/base.py": SETTINGS.replace("DEBUG = False", "DEBUG = True"),
            "src/shop/settings.py": "from shop.base import *\nROOT_URLCONF = 'shop.urls'\n",
            "src/shop/celery.py": "app = Celery('shop')\n",
            "requirements.txt": "celery\n" + APP["requirements.txt"],
        }
    )
    assert its.settings.wsgi == "shop.wsgi"
    assert its.names["env"]["PYTHONPATH"] == "src"
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings_on_servers"
    [path] = its.names["files"]
    assert path == "src/shop/settings_on_servers.py"
    assert its.names["health_path"] == "/admin/login/"
    assert its.names["programs"]["worker"].startswith("celery -A shop worker")
    assert "is not in the source" not in its.wrong


@pytest.mark.parametrize(
    ("folder", "needs"),
    [
        ("shop/kept/oauth2_provider", ""),
        ("shop/kept/more/oauth2_provider", ""),
        ("migrations/oauth2_provider", ""),
        ("lib/oauth2_provider", "django-oauth-toolkit\n"),
    ],
)
def test_what_a_requirement_brings_is_not_taken_from_the_source(
    seen: Look, folder: str, needs: str
) -> None:
    files = {f"{folder}/__init__.py": "", "requirements.txt": f"django==5.2.*\n{needs}"}
    its = seen(files, settings="INSTALLED_APPS += ['oauth2_provider']\n")
    assert its.plain == {"env": ["SECRET_KEY"]}


@pytest.mark.parametrize(
    ("start", "passes"),
    [
        ("from contextlib import suppress\nwith suppress(ImportError):", True),
        ("from contextlib import suppress as quiet\nwith quiet(KeyError, ImportError):", True),
        ("import contextlib\nwith contextlib.suppress(ModuleNotFoundError):", True),
        ("import contextlib as c\nwith open('x') as x, c.suppress(Exception):", True),
        ("from contextlib import suppress\nwith suppress(KeyError):", False),
        ("from shop.mine import suppress\nwith suppress(ImportError):", False),
    ],
)
def test_what_suppress_is_for_is_passed_over(seen: Look, start: str, passes: bool) -> None:
    its = seen({}, settings=f"{start}\n    from .local import *\n")
    assert (its.wrong == "") == passes
    assert ("shop/local.py, which is not in the source" in its.wrong) != passes


REFUSED = "except ImportError as e:\n    raise RuntimeError(e)\n"
BY_NAME = "import importlib\nits = importlib.import_module(os.getenv('CONF', 'shop.conf'))\n"
IN_TRY = BY_NAME.replace("its", "try:\n    its")
OF_IT = "SECRET_KEY = its.SECRET_KEY\nDATABASES = {'default': its.DATABASE}\n"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (BY_NAME, True),
        (IN_TRY + REFUSED, True),
        (IN_TRY + REFUSED.replace("Import", "ModuleNotFound"), True),
        (IN_TRY + "except ImportError:\n    pass\n", False),
        ("from shop import conf as its\n", True),
        (f"try:\n    from shop import conf as its\n{REFUSED}", True),
        (f"try:\n    from . import conf as its\n{REFUSED}", True),
        ("from shop import pages as its\n", False),
        (BY_NAME.replace("shop.conf", "others.conf"), False),
    ],
)
def test_a_module_of_settings_that_is_not_there_is_to_be_brought(
    seen: Look, text: str, is_told: bool
) -> None:
    files = {"shop/pages/index.html": ""}
    its = seen(files, settings=text + OF_IT)
    line = 'files = {"shop/conf.py": from_file("conf.py")}'
    assert (line in its.wrong) == is_told
    if is_told:
        assert len(its.found.wrong) == 1
        assert its.secret == {"SECRET_KEY"}
        assert "CONF" not in its.text


def test_a_module_of_which_there_is_an_example_is_to_be_brought(seen: Look) -> None:
    text = """
import importlib
import sys

def its():
    if named := os.environ.get("CONF"):
        return importlib.import_module(named)
    if sys.argv[1:]:
        return None
    return importlib.import_module("shop.conf")

its = its()
if not hasattr(its, "SECRET_KEY"):
    raise RuntimeError
SECRET_KEY = its.SECRET_KEY
DATABASES = {"default": its.DATABASE}
"""
    example = {"shop/conf_example.py": "", "shop/local.example.py": ""}
    its = seen({**example}, settings=text)
    (line,) = its.found.wrong
    assert line.endswith('bring it: files = {"shop/conf.py": from_file("conf.py")}')
    assert its.secret == {"SECRET_KEY"}
    assert "follows from" not in its.text
    there = seen({**example, "shop/conf.py": ""}, settings=text)
    assert there.wrong == ""


def test_a_module_of_settings_that_is_there_is_read(seen: Look) -> None:
    conf = "import os\nDATABASE = {}\nSECRET_KEY = os.environ['ITS_KEY']\n"
    its = seen({"shop/conf.py": conf}, settings=IN_TRY + REFUSED + OF_IT)
    assert its.secret == {"SECRET_KEY", "ITS_KEY"}
    assert its.wrong == ""


def test_what_a_module_has_that_cannot_be_read_is_no_module_that_lacks(seen: Look) -> None:
    files = {"shop/tools.py": "type Name = str; this is of a later Python\n"}
    assert seen(files, settings="from shop.tools import MonthAndDay\n").wrong == ""
