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
