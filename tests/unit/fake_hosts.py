"""Inventories of hosts that are not there: what their commands print is made up."""

from base64 import b64encode

PROGRAM = b64encode(b"[program:django]").decode()
SITE = b64encode(b"proxy_pass http://127.0.0.1:8000;").decode()
VIRTUALENV = "../../.virtualenvs/.one"
OWNED = ("777", "fooproject", "users", "0", "0")
LINK = (
    "entry\t/etc/nginx/sites-enabled/default\tl\t777\troot\troot\t0\t0\t../sites-available/default"
)
"""Nginx's to the site."""


def home(*files: str, live: str = "old-1") -> str:
    """The record of the home, with some files besides the links of what is live."""
    links = {"fooproject": f"releases/{live}", f"releases/{live}/virtualenv": VIRTUALENV}
    entries = [(path, "l", *OWNED, target) for path, target in links.items()]
    entries += [(path, "f", *OWNED, "") for path in files]
    told = "".join(
        "".join(f"{field}\0" for field in ("entry", f"/home/fooproject/{path}", *fields))
        for path, *fields in entries
    )
    encoded = b64encode(f"{told}end\0".encode()).decode()
    return f"home\t/home/fooproject\t{encoded}"


LIVE = [
    "uid\t0",
    "os\tdebian",
    "python\t3.11",
    "free\t100000000\t4096\t100000",
    f"text\t/etc/supervisor/conf.d/fooproject.conf\t{PROGRAM}",
    f"text\t/usr/local/lib/fooproject/switch.json\t{b64encode(b'{}').decode()}",
    *(
        f"unit\t{line}"
        for name, pid in (("nginx", 10), ("supervisor", 20))
        for line in (
            *(f"Id={name}.service", "ActiveState=active", "UnitFileState=enabled"),
            *(f"MainPID={pid}", "StateChangeTimestampMonotonic=1000000", ""),
        )
    ),
    "site\t/etc/nginx/sites-available/default",
    f"nginx-file\t/etc/nginx/sites-available/default\t{SITE}",
    "process\t11\t10\twww-data\t100\tnginx: worker process",
    "process\t21\t20\tfooproject\t100\tgunicorn\t-b\t127.0.0.1:8000",
    "children\t21\t3",
    "variable\t21\tSUPERVISOR_PROCESS_NAME\tdjango",
    "variable\t21\tRELEASE_FOLDER\t/home/fooproject/releases/old-1",
    home(),
]
"""The reading of a host on which the release old-1 is live."""

SETTINGS = {
    "source": "tests/project",
    "env": {"SECRET_KEY": "a secret for tests alone"},
    "shared": ["data", "media"],
    "migrate": "each",
    "health_path": "/health",
}
"""Those that deploy the sample project."""

INVENTORY = """
_seen = {seen!r}

def _host(name, number):
    return (f"@fake/{{name}}", {{
        "fake_delay": 0,
        "fake_delay_jitter": 0,
        "fake_responses": {{
            "dpkg-query": _seen,
            "-m switch ": {{"success": number != {broken}, "stderr": ["it is broken"]}},
        }},
        "address": f"10.0.{{number // 250}}.{{number % 250 + 1}}",
        **{data!r},
    }})

app = [_host(f"web{{number}}", number) for number in range(1, {count} + 1)]
"""
DATABASE = """
db = [_host("db", 0)]
"""


def inventory(count: int, broken: int = 0, database: bool = False, **data: object) -> str:
    """An inventory.py of app hosts that serve the release before.

    Args:
        broken: the number of the one on which no release takes over; 0 is none.
        database: whether there is a host for it as well.
        data: settings of all of them, beside those of the sample project.
    """
    settings = {**SETTINGS, **data}
    text = INVENTORY.format(seen=LIVE, broken=broken or -1, count=count, data=settings)
    return text + (DATABASE if database else "")
