# shellcheck shell=sh
# Waits until a host's lock is held by a run, and then for the last command of a run that was cut:
# what is read before that ends is not so for long. What it waits for is said once that takes a while.
#
# $1 the lock's file, $2 the token of the run, $3 the file of the lock that commands hold, $4 how
# many seconds such a command may still take, $5 after how many it is said that it is waited for. Ends
# with 75, and who is in the way on its last line, when it takes more.
for pause in 0.01 0.01 0.02 0.02 0.05 0.05 $(yes 0.1 | head -n 600); do
  if [ "$(sed -n 2p "$1" 2>/dev/null)" = "$2" ]; then
    flock -w "$5" "$3" true && exit
    echo "waits for a command of an earlier run, which is still running, for $4 s at most"
    flock -w "$4" "$3" true && exit
    there=$(find /proc/[0-9]*/fd -lname "$3" 2>/dev/null | cut -d / -f 3 | sort -un | tr '\n' ' ')
    echo "an earlier run, whose command is still running after $4 s (to end it as root there: kill ${there% })"
    exit 75
  fi
  sleep "$pause"
done
exit 1
