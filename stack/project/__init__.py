"""What a host is to be: its places, its release, its files and packages."""
