"""That a host has nothing more of a project."""
