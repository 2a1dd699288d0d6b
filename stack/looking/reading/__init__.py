"""A project's Python, followed as far as that goes without running any of it."""
