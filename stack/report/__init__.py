"""Telling about hosts in place of deploying to them."""
