"""Names of static files that have a hash in them, so that what is in such a file never changes."""

HASHED = r"\.(?=[0-9]*[a-f])[0-9a-f]{8,}\."
"""A regular expression for the hash: eight hexadecimal digits at least, and not a date."""
COMPRESSED = rf"{HASHED}(atom|css|html|js|json|mjs|rss|svg|txt|xml)$"
"""For the whole name of one that is kept compressed beside itself, which suits text alone."""
