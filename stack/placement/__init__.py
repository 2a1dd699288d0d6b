"""Where releases are on a host, and how far they are there."""
