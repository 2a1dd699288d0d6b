"""What changes hosts: scripts of shell, and the words that go into them."""
