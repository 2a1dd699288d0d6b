"""What runs beside a site."""

import pytest

from tests.unit.looking.shop import Look


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("INSTALLED_APPS += ['django_q']", {"qcluster": "manage.py qcluster"}),
        ("INSTALLED_APPS += ['huey.contrib.djhuey']", {"huey": "manage.py run_huey"}),
        (
            "INSTALLED_APPS += ['django_rq']\nRQ_QUEUES = {'high': {}, 'low': {}}",
            {"rqworker": "manage.py rqworker high low"},
        ),
        ("INSTALLED_APPS += ['django_rq']", {"rqworker": "manage.py rqworker default"}),
        ("INSTALLED_APPS += ['shop.django_q']", None),
    ],
)
def test_programs_that_apps_ask_for(
    seen: Look, text: str, programs: dict[str, object] | None
) -> None:
    its = seen({}, settings=f"{text}\n")
    assert its.names.get("programs") == programs
    its.loads()


WORKER = "celery -A shop worker --loglevel INFO"


@pytest.mark.parametrize(
    ("path", "text", "programs"),
    [
        ("shop/celery.py", "", {"worker": WORKER}),
        ("shop/celery_app.py", "", {"worker": WORKER.replace("shop", "shop.celery_app")}),
        ("docs/celery.py", "", None),
        (
            "shop/celery.py",
            "CELERY_BEAT_SCHEDULE = {}",
            {
                "worker": WORKER,
                "beat": {
                    "command": "celery -A shop beat --schedule celerybeat/schedule",
                    "hosts": "once",
                },
            },
        ),
        (
            "shop/celery.py",
            "INSTALLED_APPS += ['django_celery_beat']",
            {
                "worker": WORKER,
                "beat": {
                    "command": "celery -A shop beat --scheduler django",
                    "hosts": "once",
                },
            },
        ),
    ],
)
def test_celery(seen: Look, path: str, text: str, programs: dict[str, object] | None) -> None:
    app = "from celery import Celery\napp = Celery('shop')\n"
    needs = {"requirements.txt": "django\ncelery\n"}
    its = seen({path: app, **needs}, settings=f"{text}\n")
    assert its.names.get("programs") == programs
    assert its.names.get("shared") == (["celerybeat"] if "--schedule " in its.text else None)
    its.loads()
    # What another project has in a file of that name is not Celery's.
    assert "programs" not in seen({path: app}).names
    assert "programs" not in seen({path: "", **needs}).names


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        (
            "CELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost:6379/0')",
            "redis-server",
        ),
        (
            "CHANNEL_LAYERS = {'default': {'CONFIG': {'hosts': [('127.0.0.1', 6379)]}}}",
            "redis-server",
        ),
        ("RQ_QUEUES = {'default': {'HOST': 'localhost', 'PORT': 6379}}", "redis-server"),
        ("BROKER_URL = 'amqp://guest:guest@127.0.0.1:5672//'", "rabbitmq-server"),
        ("CACHES = {'default': {'LOCATION': '127.0.0.1:11211'}}", "memcached"),
        ("CELERY_BROKER_URL = 'redis://cache.example.com:6379/0'", None),
    ],
)
def test_servers_that_the_settings_look_for_here(
    seen: Look, text: str, packages: str | None
) -> None:
    its = seen({"requirements.txt": "django\nredis\n"}, settings=f"{text}\n")
    assert its.names.get("extra_packages") == ([packages] if packages else None)
    assert ('"redis-server" in here brings one' in its.text) == (packages != "redis-server")
    its.loads()


APP = "from celery import Celery\nits = Celery('shop')\n"
CELERY = {"requirements.txt": "django\ncelery\n"}


@pytest.mark.parametrize(
    ("imports", "path", "module"),
    [
        ("from .celeryconf import its as celery_app", "shop/celeryconf.py", "shop.celeryconf"),
        ("from shop.q.celery_of import its", "shop/q/celery_of.py", "shop.q.celery_of"),
        ("from . import celeryconf", "shop/celeryconf.py", "shop.celeryconf"),
        (APP, "shop/other.py", "shop"),
        ("# celery", "shop/celeryconf.py", None),
        ("from .celeryconf import (", "shop/celeryconf.py", None),
    ],
)
def test_an_app_of_celerys_of_another_name_is_found_by_what_imports_it(
    seen: Look, imports: str, path: str, module: str | None
) -> None:
    its = seen({**CELERY, "shop/__init__.py": imports, path: APP})
    worker = {"worker": f"celery -A {module} worker --loglevel INFO"} if module else None
    assert its.names.get("programs") == worker
    assert ("celery is required, and which module" in its.text) == (module is None)
    its.loads()


@pytest.mark.parametrize(
    ("text", "example", "says"),
    [
        ("CELERY_BROKER_URL = os.environ.get('Q')", "Q=redis://r:1", "without Q in env: redis://"),
        ("CELERY_BROKER_URL = os.environ.get('Q')", "Q=amqp://r", "without Q in env"),
        ("BROKER_URL = 'redis://' + os.environ.get('Q')", "", "without Q in env"),
        ("CELERY_BROKER_URL = os.environ['Q']", "", ""),
        ("CELERY_BROKER_URL = os.environ.get('Q', 'redis://r')", "", ""),
        ("CELERY_BROKER_URL = 'redis://r'", "", ""),
        ("", "", "the settings name no broker, and a worker then looks for RabbitMQ"),
    ],
)
def test_a_worker_without_a_broker_is_told(seen: Look, text: str, example: str, says: str) -> None:
    files = {**CELERY, "shop/celery.py": APP, ".env.example": f"A=1\n{example}\n"}
    its = seen(files, settings=f"{text}\n")
    [_, *words] = its.found.words["programs"]
    assert len(words) == bool(says)
    assert not says or says in words[0]
    assert ("redis-server" in its.text) == says.endswith("redis://")
    its.loads()


def test_what_says_whether_there_is_a_broker_is_none_that_names_it(seen: Look) -> None:
    text = (
        "DEBUG = os.getenv('DEBUG', '') == '1'\nEAGER = os.getenv('EAGER', DEBUG)\n"
        "if not EAGER:\n    CELERY_BROKER_URL = os.getenv('CELERY_BROKER_URL', '')\n"
    )
    files = {"requirements.txt": "celery\n", "shop/celery.py": "app = Celery('shop')\n"}
    words = seen(files, settings=text).found.words["programs"]
    assert "the worker has no broker without CELERY_BROKER_URL in env" in words


def test_celery_that_an_extra_of_another_brings_has_its_worker(seen: Look) -> None:
    files = {"requirements.txt": "django\nutils-of-ours[celery]\n"}
    its = seen({**files, "shop/celery.py": "app = Celery('shop')\n"})
    assert its.names["programs"] == {"worker": "celery -A shop worker --loglevel INFO"}
