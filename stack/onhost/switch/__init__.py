"""Puts a release live on the host it runs on, without losing a request.

    python3 -m switch [--program-file FILE] [--by WHO] [--revision NAME] RELEASE VIRTUALENV

in the folder that holds this package and `switch.json`, as root. RELEASE is a name in ~/releases,
VIRTUALENV one in ~/.virtualenvs.

Gunicorn is restarted while nobody talks to it: an understudy of the new release takes the
visitors meanwhile. Every failure ends with what was served before still being served.
"""
