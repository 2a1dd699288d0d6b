"""Puts a release live on the host it runs on, without losing a request.

Run it as root, in the folder that holds this package and `switch.json`. Gunicorn is restarted
while nobody talks to it: an understudy of the new release takes the visitors meanwhile. Every
failure ends with what was served before still being served.
"""
