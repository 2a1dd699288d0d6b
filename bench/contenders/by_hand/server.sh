#!/bin/sh
# The server, once.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get -qq install --no-install-recommends nginx supervisor virtualenvwrapper python3-dev \
    build-essential logrotate >/dev/null
groupadd -r fooproject
useradd -g users -G fooproject,sudo,nogroup -m -s /bin/bash fooproject
chmod 0711 /home/fooproject
install -d -o fooproject -g users -m 0711 /home/fooproject/releases
install -d -o fooproject -g users -m 0700 /home/fooproject/shared /home/fooproject/shared/data \
    /home/fooproject/shared/media
install -d -g fooproject -m 0750 /var/log/fooproject
ln -s /var/log/fooproject /home/fooproject/logs
cp -r files/etc /
systemctl restart supervisor
