"""An example: groups and their hosts. Your own inventory lives in a folder of your own.

What hosts share, and what differs between groups of them, stands in `group_data/` beside it.
"""

app = [
    ("server.example.com", {"ssh_user": "root"}),
]
