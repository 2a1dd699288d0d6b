"""What was read of a host, and what can be declared of one: nouns, which import nothing of ours."""
