"""Files of other people's that are in the way of ours."""

import re
from collections.abc import Iterable

from stack import declared
from stack.files import Declared
from stack.host.observation import Observation
from stack.project import Project
from stack.settings import Settings


def of_nginx(seen: Observation, files: Iterable[Declared]) -> list[str]:
    """Files of Nginx's that take visitors from the site.

    Args:
        files: those that are declared.
    """
    ours = {file.path for file in files}
    return [path for path in seen.nginx_strays if path not in ours]


def of_supervisor(seen: Observation, project: Project) -> list[str]:
    """Files of Supervisor's that declare the program too, or supervisord itself."""
    return [path for path in seen.supervisor_strays if path != declared.program(project).path]


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
