"""The hosts of pyinfra's inventory, and what part each plays."""
