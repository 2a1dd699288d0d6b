"""Groups and their hosts. What differs between them stands in group_data."""

app = [
    ("server.example.com", {"ssh_user": "root"}),
]
