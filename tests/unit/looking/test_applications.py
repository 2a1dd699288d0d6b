"""WSGI or ASGI."""

import pytest

from tests.unit.looking.shop import WSGI, Look


def test_an_application_for_asgi_alone(seen: Look) -> None:
    its = seen({"shop/wsgi.py": None, "shop/asgi.py": WSGI.format("shop.settings")})
    assert its.plain == {"asgi": "shop.asgi", "env": ["SECRET_KEY"]}
    its.loads()


def test_channels_need_asgi(seen: Look) -> None:
    its = seen({"shop/asgi.py": "application = 1"}, settings="INSTALLED_APPS += ['channels']\n")
    assert its.plain["asgi"] == "shop.asgi"
    its.loads()


@pytest.mark.parametrize(
    ("text", "asgi", "reason"),
    [
        (
            "ASGI_APPLICATION = 'shop.asgi.application'\nCHANNEL_LAYERS = {'default': {}}",
            "application = 1",
            "its settings have the CHANNEL_LAYERS of Channels",
        ),
        ("", "application = ProtocolTypeRouter({})", "shop/asgi.py has Channels' Protocol"),
        ("CHANNEL_LAYERS = {}", "application = 1", None),
    ],
)
def test_channels_may_be_used_without_being_an_app(
    seen: Look, text: str, asgi: str, reason: str | None
) -> None:
    its = seen({"shop/asgi.py": asgi}, settings=f"{text}\n")
    assert its.names.get("asgi") == ("shop.asgi" if reason else None)
    assert reason is None or f"# {reason}" in its.text
    its.loads()


@pytest.mark.parametrize("function", ["copy.copy", "copy.deepcopy"])
def test_apps_that_are_copied_from_a_list_are_known(seen: Look, function: str) -> None:
    text = (
        f"import copy\nCORE = ['channels']\nPLUGINS = {function}(CORE)\n"
        "for one in vault.plugins():\n    PLUGINS.append(one)\nINSTALLED_APPS += PLUGINS\n"
    )
    its = seen({"shop/asgi.py": "application = 1"}, settings=text)
    assert its.names["asgi"] == "shop.asgi"


NAMED = "INSTALLED_APPS += ['channels']\nASGI_APPLICATION = 'shop.routing.application'\n"
ROUTES = "application = ProtocolTypeRouter({})\n"


@pytest.mark.parametrize(
    ("asgi", "routing", "chosen"),
    [
        ("django.setup()\napplication = get_default_application()\n", ROUTES, "shop.asgi"),
        ("django.setup()\nfrom .routing import application\n", ROUTES, "shop.asgi"),
        ("its = get_asgi_application()\nimport shop.routing\n", ROUTES, "shop.asgi"),
        ("its = get_asgi_application()\nfrom . import routing\n", ROUTES, "shop.asgi"),
        # As Django makes it: without WebSockets.
        ("application = get_asgi_application()\n", ROUTES, "shop.routing"),
        ("application = get_default_application()\n", ROUTES, "shop.routing"),
        (
            "django.setup()\nfrom .routing import application\n",
            f"django.setup()\n{ROUTES}",
            "shop.routing",
        ),
        ("no Python", ROUTES, "shop.routing"),
    ],
)
def test_a_module_that_only_routes_gives_way_to_one_that_sets_django_up_before(
    seen: Look, asgi: str, routing: str, chosen: str
) -> None:
    its = seen({"shop/asgi.py": asgi, "shop/routing.py": routing}, settings=NAMED)
    assert its.names["asgi"] == chosen
    its.loads()
