"""The database of the group `db`: what is declared of its host, and how far the host is there."""
