"""Python of a project's, followed as far as it goes without running any of it."""
