# shellcheck shell=sh
# Has supervisord go on where a signal has stopped it. What it runs stays as it is.
pid=$(systemctl show -P MainPID supervisor)
[ "$pid" = 0 ] || kill -CONT "$pid"
