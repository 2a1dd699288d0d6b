"""Scripts of shell, and how they are run: as root, or as the project's user."""
