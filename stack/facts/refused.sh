# shellcheck shell=sh
# Tells why Nginx cannot read its files, in its own words, and nothing when it can.
nginx -t -q 2>&1 || echo 'Nginx cannot read its files.'
