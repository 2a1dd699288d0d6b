"""What is done to a host, one module a concern: these order operations, and parse nothing."""
