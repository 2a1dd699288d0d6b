"""How a run of pyinfra's goes: its connections, its lock, its end."""
