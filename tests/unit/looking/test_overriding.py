"""What has to be otherwise on servers, and no variable changes."""

from tests.unit.looking.shop import SETTINGS, Look


def test_what_follows_debug_follows_it_on_servers_or_is_told(seen: Look) -> None:
    text = "DEBUG = True\nVITE = DEBUG\nSECURE = not DEBUG\nif DEBUG:\n    A = 1\nB = [DEBUG, 2]\n"
    its = seen({}, settings=f"{text}def c():\n    return DEBUG\n")
    last = len((SETTINGS + text).splitlines())
    assert f"look at shop/settings.py:{last - 2}, shop/settings.py:{last}, and set" in its.wrong
    module = its.names["files"]["shop/settings_on_servers.py"]
    assert module.endswith("\nDEBUG = False\nVITE = DEBUG\nSECURE = not DEBUG\n")


def test_what_no_variable_changes_is_told(seen: Look) -> None:
    text = "SECRET_KEY = 'abc'\nDEBUG = True\nALLOWED_HOSTS = ['localhost']\n"
    its = seen({}, settings=text)
    line = len((SETTINGS + text).splitlines())
    assert f"shop/settings.py:{line - 2}: SECRET_KEY is in the source" in its.wrong
    assert f"shop/settings.py:{line - 1}: DEBUG is True" in its.wrong
    assert f"shop/settings.py:{line}: ALLOWED_HOSTS does not name the server" in its.wrong
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings_on_servers"
    its.loads()
