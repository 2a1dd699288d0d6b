"""What a manage.py leads to."""

import pytest

from tests.unit.looking.shop import APP, MANAGE, SETTINGS, WSGI, Look, moved

RUNS = """
import runpy

if __name__ == "__main__":
    runpy.run_module("shop", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (RUNS, "shop/__main__.py"),
        ("from shop.run import main\nmain()\n", "shop/run.py"),
        ("import shop\nshop.main()\n", "shop/__init__.py"),
    ],
)
def test_a_manage_that_hands_over_to_a_module_of_djangos_is_one(
    seen: Look, text: str, file: str
) -> None:
    debug = SETTINGS.replace("DEBUG = False", "DEBUG = True")
    files = {"manage.py": text, file: MANAGE.format("shop.its"), "shop/its.py": debug}
    its = seen({**files, "shop/wsgi.py": WSGI.format("shop.its"), "shop/settings.py": None})
    assert its.wrong.startswith("shop/its.py:")
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings_on_servers"
    its.loads()


ABOVE = moved(APP, "example") | {
    "example/manage.py": MANAGE.format("example.shop.settings"),
    "example/shop/wsgi.py": WSGI.format("example.shop.settings"),
    "example/shop/settings.py": SETTINGS,
}


def test_settings_that_are_named_from_above_src_are_found_there(seen: Look) -> None:
    its = seen(ABOVE)
    assert its.wrong == ""
    assert its.names["src"] == "example"
    assert its.names["wsgi"] == "example.shop.wsgi"
    assert its.names["env"]["PYTHONPATH"] == ".."
    its.loads()


def test_what_they_lack_is_beside_them_or_where_a_file_can_be_brought(seen: Look) -> None:
    on = SETTINGS.replace("DEBUG = False", "DEBUG = True")
    its = seen({**ABOVE, "example/shop/settings.py": on})
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "example.shop.settings_on_servers"
    assert [*its.names["files"]] == ["shop/settings_on_servers.py"]
    its.loads()
    named = {"example/manage.py": MANAGE.format("conf.its"), "conf/its.py": on}
    its = seen({**ABOVE, **named, "example/shop/wsgi.py": WSGI.format("conf.its")})
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "settings_on_servers"
    assert [*its.names["files"]] == ["settings_on_servers.py"]
    assert its.on_servers(PYTHONPATH=str(its.source))["DEBUG"] is False
    its.loads()
