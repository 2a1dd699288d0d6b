#!/bin/sh
# What a host is like from within, a line or more for each thing that contenders have to agree in.
# How a release is told its environment, and under which name it is, is each one's own.
cd / || exit
sha256sum /etc/nginx/nginx.conf /etc/nginx/sites-available/default \
    /etc/supervisor/supervisord.conf /etc/logrotate.d/fooproject /etc/profile.d/fooproject.sh
readlink -f /etc/nginx/sites-enabled/* /home/fooproject/logs
grep -Ev '^(command|environment)=' /etc/supervisor/conf.d/fooproject.conf
stat -c '%n %U %G %a' /home/fooproject /home/fooproject/releases /var/log/fooproject
id -gn fooproject
id -Gn fooproject | tr ' ' '\n' | sort
getent passwd fooproject | cut -d: -f6,7
systemctl is-active nginx supervisor
systemctl is-enabled nginx supervisor
# STARTING is what supervisord calls a program in its first second, in which it may serve already.
for _ in $(seq 50); do
    supervisorctl status | grep -q STARTING || break
    sleep 0.1
done
runuser -u fooproject -- supervisorctl status | awk '{ print $1, $2 }'
for process in $(pgrep -u fooproject -f 'gunicorn -b'); do
    tr '\0' ' ' < "/proc/$process/cmdline" | sed 's/.*gunicorn -b/gunicorn -b/'
    echo
done
/home/fooproject/.virtualenvs/fooproject/bin/python -c '
import importlib.metadata as metadata
for one in sorted({(d.name, d.version) for d in metadata.distributions()}):
    if one[0] not in ("pip", "setuptools", "wheel"):
        print(*one)
'
dpkg-query -W -f '${Package} ${Version}\n' nginx supervisor virtualenvwrapper python3-dev \
    build-essential logrotate
