"""A site that a person has set up as the article has it, on a host that is deployed to later.

None of its data is out of sight afterwards, and what is put aside was named.
"""

import base64
import io
import re
import tarfile
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get, post, wait_for
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

HOME = "/home/fooproject"
SRC = f"{HOME}/fooproject/src"
PIP = f"{HOME}/.virtualenvs/fooproject/bin/pip"
PROGRAM = f"""[program:django]
command={HOME}/.virtualenvs/fooproject/bin/gunicorn -w 3 -t 60 fooproject.wsgi
directory={SRC}
environment=SECRET_KEY="made-by-hand"
autorestart=false
stopsignal=INT
redirect_stderr=true
stdout_logfile={HOME}/logs/gunicorn.log
user=fooproject
"""
SITE = f"""server {{
    listen 80 default_server;
    server_name fooproject.se;
    client_max_body_size 50M;
    location / {{
        proxy_pass http://127.0.0.1:8000/;
        proxy_set_header Host $http_host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Scheme $scheme;
        proxy_set_header X-Forwarded-Protocol $scheme;
    }}
    location /static {{
        alias {SRC}/static;
    }}
}}
"""
ENTRY = b'{"token": "of-old", "text": "written by hand"}'
UPLOAD = "an upload of old\n"


@pytest.fixture
def host(lab: Lab) -> Iterator[Host]:
    host = lab.host("by-hand")
    host.enter(
        "useradd -g users -G sudo,nogroup -m -s /bin/bash fooproject && chmod 755 ~fooproject"
    )
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        archive.add(REPOSITORY / "tests" / "project", "src", filter=_source_alone)
    host.enter(
        f"mkdir -p {HOME}/logs {HOME}/fooproject && base64 -d | tar -xzC {HOME}/fooproject",
        user="fooproject",
        input=base64.b64encode(packed.getvalue()).decode(),
    )
    host.enter(
        f"virtualenv -q {HOME}/.virtualenvs/fooproject && {PIP} -q install gunicorn 'Django==5.2.*'"
        f" && cd {SRC} && mkdir -p data media && echo '{UPLOAD.strip()}' > media/upload.txt"
        " && export SECRET_KEY=any PATH=~/.virtualenvs/fooproject/bin:$PATH"
        " && python manage.py migrate -v 0 && python manage.py collectstatic -v 0 --noinput",
        user="fooproject",
        timeout=180,
    )
    host.write("/etc/supervisor/conf.d/fooproject.conf", PROGRAM)
    host.write("/etc/nginx/sites-available/default", SITE)
    host.enter("systemctl enable -q --now supervisor nginx && systemctl reload nginx")
    host.enter("supervisorctl update")
    wait_for("the site made by hand", lambda: get(host, "/health").status == 200)
    assert post(host, "/api/entries", ENTRY, Content_Type="application/json").status == 201
    yield host
    host.power_off()


def _source_alone(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    made = re.search(r"(^src/(data|media|static)|__pycache__)(/|$)", member.name)
    return None if made else member


def has_its_entry(host: Host) -> bool:
    return bool(get(host, "/api/entries/count?prefix=of-old").json == {"count": 1})


def test_it_is_refused_until_its_data_is_shared_and_loses_nothing(
    host: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(host)
    for words in (("--dry",), ("-y",)):
        run = site.pyinfra("deploy.py", *words, check=False)
        assert run.returncode != 0
        assert "Traceback" not in run.output
        told = " ".join(run.output.split())
        assert f"{HOME}/fooproject is a folder that no deployment has made" in told
        assert f"{SRC}/data, {SRC}/media would be moved aside too." in told
        assert "Nothing was changed." in told
    assert host.enter(f"test -d {HOME}/logs && ls /usr/local/lib").stdout.count("fooproject") == 0
    assert has_its_entry(host)

    command = re.search(r"as root: (supervisorctl stop django; .*); supervisorctl start", told)
    assert command
    host.enter(f"{command[1]}; supervisorctl start django")
    wait_for("the site made by hand", lambda: get(host, "/health").status == 200)
    assert has_its_entry(host)

    planned = site.pyinfra("deploy.py", "--dry").output
    for path in ("logs", "fooproject", ".virtualenvs/fooproject"):
        name = path.rpartition("/")[2]
        assert f"{HOME}/{path}, as {name}.replaced-TIME beside it" in planned
    ran = site.pyinfra("deploy.py", "-y")
    assert f"Is put aside: {HOME}/logs, as logs.replaced-TIME beside it" in ran.output
    assert has_its_entry(host)
    upload = host.enter(f"cat {SRC}/media/upload.txt", user="fooproject").stdout
    assert upload == UPLOAD
    assert "written by hand" in get(host).text
    assert site.plan() == []
