"""What can be declared of a host. Each operation compares, and yields only what is missing."""
