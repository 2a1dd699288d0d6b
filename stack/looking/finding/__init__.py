"""What of a project becomes which setting: a module for each concern."""
