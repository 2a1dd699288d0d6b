"""From a project's files to settings: a module for each concern."""
