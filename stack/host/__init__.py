"""What a host is like, as it was read: pure functions of that."""
