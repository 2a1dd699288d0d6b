"""How far a host is from what it is to be: what was read against what is wanted."""
