"""Leaving a host with nothing of a project."""
