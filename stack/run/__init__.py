"""A run of pyinfra: its connections, its lock, its end."""
