"""What is measured, of whom: as the page and its chart call it."""

KINDS = {
    "nothing": "nothing to do, 3 hosts",
    "release": "a release of the code",
    "bare": "a bare host",
}
TITLES = {
    "ours": "django-stack",
    "plan": "django-stack, its plan alone",
    "stock": "pyinfra, its own operations",
    "mitogen": "Ansible with Mitogen",
    "ansible": "Ansible",
    "hand": "by hand: one script over SSH",
    "floor": "the floor: `pyinfra … exec -- true`",
}
"""Whom results are told of, in this order: the last is what others are compared with."""

SHORT = {
    "ours": "django-stack",
    "stock": "pyinfra's operations",
    "mitogen": "Ansible with Mitogen",
    "ansible": "Ansible",
    "hand": "by hand",
}
"""Those of the chart."""

# Of visitors: what they ask for, and of whom.
VISITED = {
    "page": "the page",
    "static": "a static file",
    "assets": "20 assets",
}
VISITED_AT = {"ours": "django-stack", "hand": "the article's, by hand"}
