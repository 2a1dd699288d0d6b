"""Projects as they are: each shape that is usual in the field, deployed with the least settings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stack.commands.system import change_user
from stack.looking import look, printed
from tests.e2e.controller import Controller
from tests.e2e.http import Answer, get, request, wait_for
from tests.lab import Host, Lab
from tests.unit.hosts import sample_target

pytestmark = pytest.mark.e2e

SETTINGS = """
import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "for tests alone"
ALLOWED_HOSTS = ["fooproject.se"]
ROOT_URLCONF = "fooproject.urls"
INSTALLED_APPS = ["django.contrib.staticfiles", "shop"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
STATIC_URL = "static/"
"""
URLS = """
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.templatetags.static import static
from django.urls import re_path


def upload(request):
    from django.core.files.base import ContentFile
    return HttpResponse(default_storage.url(default_storage.save(
        request.GET["name"], ContentFile(request.GET["text"]))))


urlpatterns = [
    re_path("^$", lambda request: HttpResponse(static("shop/style.css"))),
    re_path("^upload$", upload),
    re_path("^(static|assets/built)/view$", lambda request, _: HttpResponse(
        "a view, by " + request.method)),
]
"""
MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooproject.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
WSGI = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fooproject.settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
SERVED = """
MIDDLEWARE.insert(0, "shop.serving.Serving")
STATIC_ROOT = BASE_DIR / "staticfiles"
"""
SERVING = """
from django.conf import settings
from django.http import FileResponse


class Serving:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        path = settings.BASE_DIR / "root" / request.path[1:]
        return FileResponse(path.open("rb")) if path.is_file() else self.get_response(request)
"""
MANIFEST = """
STATIC_ROOT = BASE_DIR.parent / "collected" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
"""


@dataclass(frozen=True)
class Shape:
    """What a project has that another has not."""

    name: str
    settings: str = ""
    """Lines of Django's."""
    data: dict[str, object] = field(default_factory=dict)
    """What its person writes."""
    src: str = "."
    files: dict[str, str] = field(default_factory=dict)
    style: str = "shop/static/shop/style.css"
    """What is served as shop/style.css."""


SHAPES = (
    Shape("a fresh startproject, without STATIC_ROOT"),
    Shape(
        "sources in src/static",
        'STATICFILES_DIRS = [BASE_DIR / "static"]\nSTATIC_ROOT = BASE_DIR / "static-collected"\n',
        files={"static/site.scss": "p { q {} }"},
    ),
    Shape(
        "sources in src/static, without STATIC_ROOT",
        'STATICFILES_DIRS = [BASE_DIR / "static"]\n',
        files={"static/site.scss": "p { q {} }"},
    ),
    Shape(
        "a manifest, STATIC_ROOT beside src, and another STATIC_URL",
        MANIFEST + 'STATIC_URL = "/assets/built/"\n',
        {"static_url": "/assets/built/", "src": "web"},
        src="web",
    ),
    Shape(
        "files that the app serves itself, as WhiteNoise does",
        SERVED,
        files={"root/static/own.txt": "own", "shop/serving.py": SERVING},
    ),
    Shape(
        "built files that are committed",
        'STATIC_ROOT = BASE_DIR / "dist"\n',
        {"collectstatic": False},
        style="dist/shop/style.css",
    ),
)
UPLOADS = Shape(
    "uploads",
    'MEDIA_ROOT = BASE_DIR / "var" / "uploads"\nMEDIA_URL = "/files/"\n',
    {"media_root": "var/uploads", "media_url": "/files/"},
)
FAST = (SHAPES[3],)


@pytest.fixture(scope="module")
def bare(lab: Lab) -> Host:
    host = lab.host("projects")
    host.snapshot("bare")
    return host


@pytest.fixture
def host(bare: Host) -> Host:
    bare.reset(to="bare")
    return bare


Make = Callable[[Shape], Controller]


@pytest.fixture
def person(controller: Callable[..., Controller], host: Host) -> Make:
    """Who deploys a project of a shape to the host."""

    def make(shape: Shape) -> Controller:
        person = controller(host)
        source = person.folder / "project"
        src = source / shape.src
        texts = {
            "manage.py": MANAGE,
            "requirements.txt": "Django==5.2.*\n",
            "fooproject/__init__.py": "",
            "fooproject/settings.py": SETTINGS + shape.settings,
            "fooproject/urls.py": URLS,
            "fooproject/wsgi.py": WSGI,
            "shop/__init__.py": "",
            shape.style: "p {}",
            **shape.files,
        }
        for name, text in texts.items():
            write(src / name, text)
        person.data = {"source": str(source), "migrate": "off", "gate_seconds": 1, **shape.data}
        return person

    return make


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def style(host: Host) -> Answer:
    """The style sheet, by the URL that the page has."""
    page = get(host)
    assert page.status == 200
    return get(host, page.text)


@pytest.mark.long
@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(shape, id=shape.name, marks=() if shape in FAST else (pytest.mark.matrix,))
        for shape in SHAPES
    ],
)
def test_a_project_is_served_as_it_is(shape: Shape, person: Make, host: Host) -> None:
    its = person(shape)
    its.apply()
    assert its.plan() == []
    first = style(host)
    assert (first.status, first.text) == (200, "p {}")
    hashed = get(host).text.count(".") > 1
    wanted = "max-age=31536000" if hashed else "max-age=2592000"
    assert wanted in first.headers["cache-control"], "Nginx serves it"
    url = str(its.data.get("static_url", "/static/"))
    assert get(host, f"{url}view").text == "a view, by GET"
    assert get(host, f"{url}no-such").status == 404
    if "root/static/own.txt" in shape.files:
        assert get(host, "/static/own.txt").text == "own"
    if "static/site.scss" in shape.files:
        assert get(host, f"{url}site.scss").status == 200

    path = its.folder / "project" / shape.src / shape.style
    path.write_text("p { color: red }")
    write(path.with_name("new.css"), "new")
    before = get(host).text
    its.apply()
    assert its.plan() == []
    assert style(host).text == "p { color: red }"
    assert get(host, before).status == 200, "pages that are open ask for the files of their time"

    its.pyinfra("rollback.py", "-y")
    assert style(host).text == "p {}"
    its.apply()
    assert its.plan() == []
    assert style(host).text == "p { color: red }"


def test_a_release_that_asks_for_other_urls_is_refused_with_the_line_to_write(
    person: Make, host: Host
) -> None:
    its = person(SHAPES[3])
    del its.data["static_url"]
    told = its.apply(check=False)
    assert told.returncode
    assert 'Write: static_url = "/assets/built/"' in told.output


def upload(host: Host, name: str, text: str) -> Answer:
    """What visitors get of a file that the app has just written."""
    return get(host, get(host, f"/upload?name={name}&text={text}").text)


SHARED = "/home/fooproject/shared"


@pytest.mark.long
def test_uploads_are_served_at_once_and_outlive_releases(person: Make, host: Host) -> None:
    its = person(UPLOADS)
    its.apply()
    assert its.plan() == []
    first = upload(host, "2026/11/one.txt", "first")
    assert (first.status, first.text) == (200, "first")
    assert first.headers["x-content-type-options"] == "nosniff"

    write(its.folder / "project" / "new.txt", "another release")
    its.apply()
    assert get(host, "/files/2026/11/one.txt").text == "first"
    assert upload(host, "2026/11/two.txt", "second").text == "second"
    its.pyinfra("rollback.py", "-y")
    assert get(host, "/files/2026/11/two.txt").text == "second"
    its.apply()
    assert its.plan() == []

    host.enter(f"setfacl -b {SHARED}")
    assert get(host, "/files/2026/11/two.txt").status == 403
    assert its.plan() == ["Release | Let Nginx read the uploads"]
    its.apply()
    assert get(host, "/files/2026/11/two.txt").text == "second"
    assert its.plan() == []


@pytest.mark.threat(
    "visitor",
    "reading, with the uploads, hidden files, what a symlink among them leads to, or what else "
    "is in `~/shared`",
    "Nginx follows no symlink there and serves no hidden file; its user may read the uploads "
    "alone, what is to come included",
)
def test_nginx_reads_the_uploads_and_nothing_else_that_is_shared(person: Make, host: Host) -> None:
    its = person(UPLOADS)
    its.data["shared"] = ["data"]
    its.apply()
    write_as_user = (
        f"umask 022; cd {SHARED} && echo a secret > secret && mkdir -p data/deep && "
        "echo a secret > data/deep/secret && echo a secret > var/secret && "
        "cd var/uploads && ln -s ../../secret leak && ln -s /etc etc && echo x > .hidden && "
        "mkdir .git && echo x > .git/config && echo fine > plain"
    )
    host.enter(write_as_user, user="fooproject")
    assert get(host, "/files/plain").text == "fine\n"
    for path in ("leak", "etc/passwd"):
        assert get(host, f"/files/{path}").status in (403, 404)
    for path in (".hidden", ".git/config", "../secret"):
        assert get(host, f"/files/{path}").status in (400, 404)
    for path in ("secret", "data/deep/secret", "var/secret", "var/uploads/leak"):
        read = host.enter(f"runuser -u www-data -- cat {SHARED}/{path}", check=False)
        assert "secret" not in read.stdout
        assert read.returncode


@pytest.mark.long
def test_uploads_elsewhere_than_said_are_told_with_the_line_to_write(
    person: Make, host: Host
) -> None:
    its = person(UPLOADS)
    its.data |= {"media_root": "media", "media_url": "/media/"}
    told = its.apply(check=False)
    assert told.returncode
    assert 'Write: media_root = "var/uploads"' in told.output
    assert 'Write: media_url = "/files/"' in told.output


def give_a_migration(its: Controller, src: str = ".") -> None:
    folder = its.folder / "project" / src / "shop/migrations"
    write(folder / "__init__.py", "")
    write(
        folder / "0001_initial.py",
        "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n"
        "    initial = True\n",
    )


BESIDE = Shape(
    "data beside src",
    'STATIC_ROOT = "/srv/static/"\nMEDIA_URL = "/files/"\n'
    'MEDIA_ROOT = BASE_DIR.parent / "uploads"\n'
    'DATABASES["default"]["NAME"] = BASE_DIR.parent / "data" / "db.sqlite3"\n',
    src="src",
)


@pytest.mark.long
def test_data_beside_src_is_kept_by_what_look_prints(
    person: Make, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    its = person(BESIDE)
    give_a_migration(its, "src")
    its.data |= {"src": "src", "migrate": "each"}
    told = its.apply(check=False).output
    assert "by a settings module that the setting files brings, as look.py prints one" in told
    assert "STATIC_ROOT is /srv/static, outside of the release" in told
    assert "set STATIC_ROOT to one in a settings module that the setting files brings" in told

    found = look(str(its.folder / "project"), own_name="fooproject", server_name="fooproject.se")
    monkeypatch.setenv("SECRET_KEY", "any")
    names: dict[str, object] = {}
    exec(printed(found)[1], names)  # noqa: S102
    its.data |= {name: names[name] for name in ("files", "shared", "media_root", "media_url")}
    its.data["env"] = found.env | {"SECRET_KEY": "any"}
    its.apply()
    assert its.plan() == []
    assert style(host).text == "p {}"
    kept = get(host, "/upload?name=one.txt&text=kept").text
    inode = f"stat -c %i {SHARED}/data/db.sqlite3"
    database = host.enter(inode).stdout
    write(its.folder / "project/src/shop/new.py", "")
    its.apply()
    assert get(host, kept).text == "kept"
    assert host.enter(inode).stdout == database


@pytest.mark.long
def test_commands_of_a_release_run_at_their_steps_and_a_failing_one_ends_it(
    person: Make, host: Host
) -> None:
    its = person(Shape("commands", 'DATABASES["default"]["NAME"] = BASE_DIR / "data" / "db"\n'))
    give_a_migration(its)
    steps = ("before_static", "after_static", "first_migration", "after_migrate", "after_switch")
    said = "/home/fooproject/shared/data/said"
    its.data |= {
        "shared": ["data"],
        "migrate": "each",
        "commands": {step: [f"echo {step} >> data/said"] for step in steps},
    }
    its.apply()
    assert host.enter(f"cat {said}").stdout.split() == list(steps)
    assert its.plan() == []

    write(its.folder / "project/new.txt", "new")
    host.enter(f"rm {said}")
    its.apply()
    assert host.enter(f"cat {said}").stdout.split() == [s for s in steps if s[0] != "f"]

    live = host.enter("readlink /home/fooproject/fooproject").stdout
    write(its.folder / "project/new.txt", "newer")
    its.data["commands"] = {"after_migrate": ["manage.py no_such"], "after_switch": ["false"]}
    told = its.apply(check=False)
    assert told.returncode
    assert 'This failed: commands["after_migrate"], manage.py no_such' in told.output
    assert host.enter("readlink /home/fooproject/fooproject").stdout == live

    its.data["commands"] = {"after_switch": ["false"]}
    told = its.apply()
    assert "The release is live all the same." in told.output
    assert host.enter("readlink /home/fooproject/fooproject").stdout != live
    assert its.plan() == []


WRITES = """\
import os, sys, django, pkg_resources
if "gunicorn" in sys.argv[0]:
    open(os.path.join(os.path.dirname(django.__file__), "cache"), "a").close()
"""
"""What imports a library that pip has not installed, and writes beside another one's files."""


@pytest.mark.long
def test_a_project_may_write_beside_its_libraries_files_and_bring_no_package(
    person: Make, host: Host
) -> None:
    its = person(Shape("writes", WRITES))
    folder = "../virtualenv/lib/python3*/site-packages"
    its.data["commands"] = {"before_static": [f"touch $(echo {folder}/django/contrib)/of-ours"]}
    its.apply()
    assert its.plan() == []
    host.enter("supervisorctl restart django")
    wait_for("the site is up", lambda: get(host).status == 200)
    live = host.enter("readlink /home/fooproject/fooproject").stdout

    write(its.folder / "project/new.txt", "new")
    its.data["commands"] = {"before_static": [f"touch $(echo {folder})/more.py"]}
    told = its.apply(check=False)
    assert told.returncode
    assert "was changed after it was built" in told.output
    assert host.enter("readlink /home/fooproject/fooproject").stdout == live
    its.data["commands"] = {}
    assert its.apply().changed
    assert its.plan() == []
    host.enter("supervisorctl restart django")
    wait_for("the site is up", lambda: get(host).status == 200)


@pytest.mark.long
def test_commands_after_a_first_migration_may_be_declared_once_it_has_turned_out_to_need_them(
    person: Make, host: Host
) -> None:
    needs_data = (
        'import sys\nDATABASES["default"]["NAME"] = BASE_DIR / "data" / "db"\n'
        'assert "gunicorn" not in sys.argv[0] or (BASE_DIR / "data" / "said").exists(), "no data"\n'
    )
    its = person(Shape("late-commands", needs_data))
    give_a_migration(its)
    its.data |= {"shared": ["data"], "migrate": "each"}
    told = its.apply(check=False)
    assert told.returncode
    assert "no data" in told.output

    its.data["commands"] = {"first_migration": ["echo first >> data/said"]}
    planned = its.plan()
    assert "Migrate the database" in str(planned)
    assert its.apply().changed == planned
    assert its.plan() == []

    write(its.folder / "project/new.txt", "new")
    its.apply()
    assert host.enter("cat /home/fooproject/shared/data/said").stdout == "first\n"


@pytest.mark.long
def test_a_release_has_files_of_the_controllers_as_secrets(person: Make, host: Host) -> None:
    its = person(Shape("a file", "from fooproject.configuration import *\n"))
    path, secret = "/home/fooproject/fooproject/src/fooproject/configuration.py", "wombat-9a41"
    before = ""
    for value in (f"{secret}-one", f"{secret}-two"):
        its.data["files"] = {"fooproject/configuration.py": f"SECRET_KEY = '{value}'\n"}
        told = its.pyinfra("deploy.py", "--dry", "--diff")
        done = its.apply("-vvv")
        assert secret not in told.output + told.stdout + done.output + done.stdout
        assert host.enter(f"cat {path}").stdout == f"SECRET_KEY = '{value}'\n"
        assert host.enter(f"stat -c '%a %U' {path}").stdout == "600 fooproject\n"
        assert its.plan() == []
        release = host.enter("readlink /home/fooproject/fooproject").stdout
        assert release != before
        before = release


@pytest.mark.long
def test_lines_of_nginx_of_ones_own_and_headers_are_served_or_undone(
    person: Make, host: Host
) -> None:
    its = person(SHAPES[1])
    policy = "default-src 'self'; img-src *"
    its.data["response_headers"] = {"Content-Security-Policy": policy}
    its.data["nginx_server"] = "location = /old { return 301 /new; }\n"
    redirected = ["www.fooproject.se", "fooproject.example"]
    its.data["redirect_names"] = redirected
    its.apply()
    assert its.plan() == []
    for name in redirected:
        led = get(host, "/a%20b//c?d=e", Host=name)
        assert (led.status, led.headers["location"]) == (301, "http://fooproject.se/a%20b//c?d=e")
        posted = request(host, "POST", "/api/entries", b"{}", 20, Host=name)
        assert (posted.status, posted.headers["location"]) == (
            308,
            "http://fooproject.se/api/entries",
        )
    for answer in (get(host), style(host), get(host, "/no-such")):
        assert answer.headers["content-security-policy"] == policy
    assert get(host, "/old").status == 301

    its.data["nginx_server"] = "locatoin = /old { return 301 /newer; }\n"
    told = its.apply(check=False)
    assert told.returncode
    assert 'unknown directive "locatoin"' in told.output
    assert get(host, "/old").status == 301
    host.enter("nginx -t")


def test_an_account_that_was_made_a_moment_ago_gets_its_home(standing: Host) -> None:
    """The file of accounts was then changed in the same second, which vipw takes for unchanged."""
    change = change_user(sample_target(project="alice"), ["nogroup"], False).get_raw_value()
    made = "useradd -m -d /srv/alice alice; runuser -u alice -- sleep 100 > /dev/null 2>&1 &"
    told = standing.enter(f"{made} {change}; getent passwd alice").stdout
    assert told.rstrip().endswith(":/home/alice:/bin/bash")
    assert standing.enter("id -Gn alice").stdout.split() == ["users", "nogroup"]
