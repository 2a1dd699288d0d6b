"""Reporting on hosts in place of deploying to them."""
