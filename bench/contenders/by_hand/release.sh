#!/bin/sh
# A release. release.sh NAME
set -eu
folder=/home/fooproject/releases/$1 bin=/home/fooproject/.virtualenvs/fooproject/bin
install -d -o fooproject -g users -m 0711 "$folder" "$folder/src"
tar -xzf code.tar.gz -C "$folder/src" --no-same-owner
ln -s /home/fooproject/shared/data /home/fooproject/shared/media "$folder/src"
chown -R fooproject:users "$folder"
runuser -u fooproject -- env HOME=/home/fooproject sh -ec "
    cd '$folder/src'
    [ -e '$bin/pip' ] || virtualenv -q -p python3 /home/fooproject/.virtualenvs/fooproject
    '$bin/pip' install -q -r requirements.txt gunicorn
    export SECRET_KEY=by-hand
    '$bin/python' manage.py collectstatic --noinput >/dev/null
    '$bin/python' manage.py migrate --noinput >/dev/null
"
ln -sfn "releases/$1" /home/fooproject/fooproject
# Nginx follows no symlink to what has another owner.
chown -h fooproject:users /home/fooproject/fooproject
install -m 0600 program.conf /etc/supervisor/conf.d/fooproject.conf
systemctl reload nginx
until supervisorctl update >/dev/null; do sleep 1; done
asks="import urllib.request as r
r.urlopen(r.Request('http://127.0.0.1/health', headers={'Host': 'fooproject.se'}))"
until python3 -c "$asks" 2>/dev/null; do sleep 0.2; done
