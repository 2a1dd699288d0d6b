"""What is run on hosts: the only place where shell is put together."""
