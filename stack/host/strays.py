"""Files of other people's that are in the way of ours."""

import re
from collections.abc import Iterable

from stack import declared
from stack.files import Declared
from stack.host.observation import Observation
from stack.project import Project
from stack.settings import Settings

# Whatever was read, nothing else is ever put aside.
NGINXS_OWN = re.compile(r"/etc/nginx/(conf\.d|sites-enabled)/[^/]+")
SUPERVISORS_OWN = re.compile(r"/etc/supervisor/conf\.d/[^/]+")


def of_nginx(seen: Observation, files: Iterable[Declared]) -> list[str]:
    """Files of Nginx's that take visitors from the site.

    Args:
        files: those that are declared.
    """
    ours = {file.path for file in files}
    return [p for p in seen.nginx_strays if NGINXS_OWN.fullmatch(p) and p not in ours]


def of_supervisor(seen: Observation, project: Project) -> list[str]:
    """Files of Supervisor's that declare the program too, or supervisord itself."""
    ours = declared.program(project).path
    return [p for p in seen.supervisor_strays if SUPERVISORS_OWN.fullmatch(p) and p != ours]


def said_in_nginx(settings: Settings) -> str:
    """What says so, as an extended regular expression.

    It is a site that answers for our names, or for all names on our port.

    Other sites on the same server are none of our business.
    """
    names = "|".join(re.escape(name).replace("\\-", "-") for name in settings.server_name)
    return (
        r"^[^#]*listen[[:space:]]+([^;#]*:)?80[[:space:]][^;#]*default_server"
        rf"|^[^#]*server_name[[:space:]]([^;#]*[[:space:]])?({names})([[:space:]][^;#]*)?;"
    )


def said_in_supervisor(settings: Settings) -> str:
    """What says so: the program under its name, or a section of supervisord's own."""
    program = re.escape(settings.program).replace("\\-", "-")
    return rf"^\[(program:{program}|unix_http_server|supervisord|supervisorctl|include)\]"
