"""Commands of a release."""

import pytest

from tests.unit.looking.shop import Look


def test_commands_that_apps_ask_for(seen: Look) -> None:
    text = (
        "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = True\n"
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n"
    )
    its = seen({"locale/de/LC_MESSAGES/django.po": ""}, settings=text)
    assert its.plain["commands"] == {
        "before_static": ["manage.py compilemessages"],
        "after_static": ["manage.py compress"],
        "after_migrate": ["manage.py createcachetable"],
    }
    assert its.plain["extra_packages"] == ["gettext"]
    its.loads()


@pytest.mark.parametrize(
    ("root", "step"),
    [
        ("", "after_static"),
        ("STATICI18N_ROOT = STATIC_ROOT\n", "after_static"),
        ("STATICI18N_ROOT = BASE_DIR / 'shop' / 'static'\n", "before_static"),
    ],
)
def test_catalogues_of_statici18n_are_made_where_they_are_collected(
    seen: Look, root: str, step: str
) -> None:
    text = f"INSTALLED_APPS += ['statici18n']\nSTATIC_ROOT = BASE_DIR / 'public'\n{root}"
    its = seen({"locale/de/LC_MESSAGES/djangojs.po": ""}, settings=text)
    commands = {"before_static": ["manage.py compilemessages"]}
    commands[step] = [*commands.get(step, []), "manage.py compilejsi18n"]
    assert its.names["commands"] == commands
    assert "statici18n serves what compilejsi18n makes" in its.text
    its.loads()


def test_catalogues_are_there_when_templates_are_compressed(seen: Look) -> None:
    text = "INSTALLED_APPS += ['statici18n', 'compressor']\nCOMPRESS_OFFLINE = True\n"
    its = seen({}, settings=text)
    commands = ["manage.py compilejsi18n", "manage.py compress"]
    assert its.names["commands"] == {"after_static": commands}
    its.loads()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("True", "SECURE_SSL_REDIRECT sends visitors to HTTPS"),
        ("os.environ.get('REDIRECT') != 'False'", "SECURE_SSL_REDIRECT sends visitors to HTTPS"),
        ("'runserver' not in sys.argv", "shop/settings.py:12: whether SECURE_SSL_REDIRECT sends"),
        ("vault.get('redirect')", "shop/settings.py:12: whether SECURE_SSL_REDIRECT sends"),
        ("False", None),
        ("os.environ.get('REDIRECT') == 'True'", None),
    ],
)
def test_a_redirect_to_https_is_told(seen: Look, text: str, said: str | None) -> None:
    its = seen({}, settings=f"import sys, vault\nSECURE_SSL_REDIRECT = {text}\n")
    words = its.found.words.get("server_name", [])
    assert len(words) == bool(said)
    assert not said or (words[0].startswith(said) and 'tls = "acme"' in words[0])


@pytest.mark.parametrize(
    ("made", "compiles", "said"),
    [
        ([], True, "are not committed as .mo"),
        (["de"], True, "are not committed as .mo"),
        (["de", "fr", "it"], False, "locale/sr/LC_MESSAGES/django.po"),
        (["de", "fr", "it", "sr"], False, None),
    ],
)
@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_translations_are_compiled_where_the_project_has_not_done_it(
    seen: Look, name: str, made: list[str], compiles: bool, said: str | None
) -> None:
    files = [f"{one}/LC_MESSAGES/{name}.po" for one in ("de", "fr", "it", "sr")]
    files += [f"{one}/LC_MESSAGES/{name}.mo" for one in made]
    its = seen({f"locale/{one}": "" for one in files})
    assert ("commands" in its.names) == compiles
    assert ("gettext" in its.names.get("extra_packages", [])) == compiles
    words = its.found.words.get("commands", [])
    assert len(words) == bool(said)
    assert not said or said.replace("django.po", f"{name}.po") in words[0]
    its.loads()


@pytest.mark.parametrize(
    ("app", "command"),
    [
        ("django_tailwind_cli", "manage.py tailwind build"),
        ("tailwind", "manage.py tailwind build"),
        ("sass_processor", "manage.py compilescss"),
        ("shop.tailwind", None),
    ],
)
def test_style_sheets_that_an_apps_command_makes_are_there_to_be_collected(
    seen: Look, app: str, command: str | None
) -> None:
    its = seen({}, settings=f"INSTALLED_APPS += [{app!r}]\n")
    assert its.names.get("commands") == ({"before_static": [command]} if command else None)
    its.loads()


@pytest.mark.parametrize(
    ("text", "has_it"),
    [
        ("", True),
        ("TAILWIND_CLI_AUTOMATIC_DOWNLOAD = True\n", True),
        ("TAILWIND_CLI_AUTOMATIC_DOWNLOAD = False\n", False),
        ("DEBUG = os.environ.get('DEBUG', '1') == '1'\n{}", False),
        ("DEBUG = True\n{}", False),
        ("{}TAILWIND_CLI_PATH = '/usr/local/bin/tailwindcss'\n", True),
        ("{}TAILWIND_CLI_USE_SYSTEM_BINARY = True\n", True),
    ],
)
def test_a_program_that_build_may_not_download_is_there_before_it(
    seen: Look, text: str, has_it: bool
) -> None:
    text = text.format("TAILWIND_CLI_AUTOMATIC_DOWNLOAD = DEBUG\n")
    its = seen({}, settings=f"INSTALLED_APPS += ['django_tailwind_cli']\n{text}")
    commands = [] if has_it else ["manage.py tailwind download_cli"]
    assert its.names["commands"] == {"before_static": [*commands, "manage.py tailwind build"]}
    its.loads()


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("os.environ.get('REDIRECT', 'yes') == 'yes'", "REDIRECT"),
        ("not DEBUG", None),
        ("True", None),
    ],
)
def test_a_variable_that_switches_the_redirect_off_is_named(
    seen: Look, text: str, variables: str | None
) -> None:
    text = f"DEBUG = os.environ.get('DEBUG', '1') == '1'\nSECURE_SSL_REDIRECT = {text}\n"
    [word] = [one for one in seen({}, settings=text).found.words["server_name"] if "HTTPS" in one]
    off = f", or switch that off by {variables} in env" if variables else ""
    assert word.endswith(f'set tls = "acme"{off}')
