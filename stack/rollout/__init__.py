"""A release over several hosts, one wave after the other."""
