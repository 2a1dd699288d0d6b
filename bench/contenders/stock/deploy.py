"""The same site by pyinfra's own operations, the work of a release behind one question."""

from pathlib import Path
from typing import cast

from pyinfra import host
from pyinfra.facts.files import File
from pyinfra.operations import apt, files, server, systemd

PROGRAM = Path(__file__).resolve().parents[1] / "templates" / "program.conf.j2"


def datum(name: str) -> str:
    """A value of the inventory's."""
    return cast(str, host.data.get(name))


project, release = datum("project"), datum("release")
home, group, given = f"/home/{project}", "users", datum("files")
folder, virtualenv = f"{home}/releases/{release}", f"{home}/.virtualenvs/{project}"
environment = {"SECRET_KEY": datum("secret_key"), "RELEASE_ID": release}
manage = f"cd {folder}/src && {virtualenv}/bin/python manage.py"

apt.packages(
    name="Packages",
    packages=host.data.get("packages"),
    no_recommends=True,
    update=True,
    cache_time=86400,
)
server.group(name="Group of the logs", group=project, system=True)
server.user(  # noqa: S604 - the user's shell
    name="User",
    user=project,
    group="users",
    groups=[project, "nogroup", "sudo"],
    shell="/bin/bash",
    home=home,
    ensure_home=False,
    create_home=True,
)
for path, mode in {
    home: "711",
    f"{home}/releases": "711",
    f"{home}/shared": "700",
    f"{home}/shared/data": "700",
    f"{home}/shared/media": "700",
}.items():
    files.directory(name=f"Folder {path}", path=path, mode=mode, user=project, group=group)
files.directory(
    name="Folder of the logs", path=f"/var/log/{project}", user="root", group=project, mode="750"
)
files.link(
    name="Logs in the home",
    path=f"{home}/logs",
    target=f"/var/log/{project}",
    user=project,
    group="users",
)
for path in (f"/etc/profile.d/{project}.sh", f"/etc/logrotate.d/{project}"):
    files.put(name=path, src=given + path, dest=path, mode="644", create_remote_dir=False)
supervisord, nginx, site = (
    files.put(name=path, src=given + path, dest=path, mode="644", create_remote_dir=False)
    for path in (
        "/etc/supervisor/supervisord.conf",
        "/etc/nginx/nginx.conf",
        "/etc/nginx/sites-available/default",
    )
)

if not host.get_fact(File, f"{folder}/.complete"):
    files.directory(
        name="Folder of the release", path=f"{folder}/src", mode="711", user=project, group="users"
    )
    archive = f"/tmp/{release}.tar.gz"  # noqa: S108 - of root's on a host of the lab
    files.put(name="Archive", src=f"{datum('archives')}/{release}.tar.gz", dest=archive, mode="644")
    server.shell(
        name="Code, and what outlives releases",
        commands=[
            f"tar -xzf {archive} -C {folder}/src --no-same-owner",
            f"chown -R {project}:users {folder}",
            f"rm {archive}",
            f"ln -sfn {home}/shared/data {home}/shared/media {folder}/src",
        ],
    )
    server.shell(
        name="Virtualenv, requirements, static files, database",
        commands=[
            f"test -x {virtualenv}/bin/pip || virtualenv -q -p python3 {virtualenv}",
            f"{virtualenv}/bin/pip install -q -r {folder}/src/requirements.txt gunicorn",
            f"{manage} collectstatic --noinput",
            f"{manage} migrate --noinput",
        ],
        _sudo=True,
        _sudo_user=project,
        _env={"HOME": home, **environment},
    )
    server.shell(
        name="Keep the newest five, and mark this one as whole",
        commands=[
            f"cd {home}/releases && ls -1t | tail -n +6 | xargs -r rm -rf",
            f"touch {folder}/.complete",
        ],
    )

# As the user, since a link that is changed would be root's, and Nginx follows none of another's.
files.link(
    name="Release",
    path=f"{home}/{project}",
    target=f"releases/{release}",
    _sudo=True,
    _sudo_user=project,
)
# It has the release's ID, so that another release has it started anew.
program = files.template(
    name="Program",
    src=str(PROGRAM),
    dest=f"/etc/supervisor/conf.d/{project}.conf",
    mode="600",
    create_remote_dir=False,
    project=project,
    release=release,
    secret_key=datum("secret_key"),
)
for service in ("supervisor", "nginx"):
    systemd.service(name=f"Service {service}", service=service, running=True, enabled=True)
systemd.service(
    name="Restart Supervisor", service="supervisor", restarted=True, _if=supervisord.did_change
)
systemd.service(
    name="Reload Nginx",
    service="nginx",
    reloaded=True,
    _if=lambda: nginx.did_change() or site.did_change(),
)
asks = (
    "import urllib.request as r;"
    f"r.urlopen(r.Request('http://127.0.0.1/health', headers={{'Host': '{datum('server_name')}'}}))"
)
server.shell(
    name="Start the program anew, and wait for the site",
    commands=[
        # Right after its start supervisord has no socket yet.
        "for i in $(seq 20); do supervisorctl update && break; sleep 1; done",
        f'for i in $(seq 40); do python3 -c "{asks}" 2>/dev/null && exit; sleep 1; done; exit 1',
    ],
    _if=program.did_change,
)
