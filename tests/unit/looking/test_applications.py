"""WSGI or ASGI."""

from tests.unit.looking.shop import WSGI, Look


def test_an_application_for_asgi_alone(seen: Look) -> None:
    its = seen({"shop/wsgi.py": None, "shop/asgi.py": WSGI.format("shop.settings")})
    assert its.plain == {"asgi": "shop.asgi", "env": ["SECRET_KEY"]}
    its.loads()


def test_channels_need_asgi(seen: Look) -> None:
    its = seen({"shop/asgi.py": "application = 1"}, settings="INSTALLED_APPS += ['channels']\n")
    assert its.plain["asgi"] == "shop.asgi"
    its.loads()
