"""Nginx and its files."""

import shlex

from pyinfra.api import StringCommand

from stack.commands.system import ASIDE
from stack.project.files import ENABLED, SITE
from stack.project.layout import Layout
from stack.shell.printing import telling

# A file that somebody put beside ours and that Nginx cannot read keeps it from starting, and from
# taking anything new.
READABLE = (
    ASIDE
    + r"""
readable() {
  for try in 1 2 3 4 5; do
    told=$(nginx -t -q 2>&1) && return
    broken=$(printf %s "$told" | sed -n 's/.* in \([^ ]*\):[0-9]*$/\1/p' | head -n 1)
    case $broken in
      @link@) break ;;
      /etc/nginx/sites-enabled/*|/etc/nginx/conf.d/*)
        aside "$broken"
        printf '%s\n' "Nginx cannot read $broken; it is in /var/backups/replaced now." "$told" ;;
      *) break ;;
    esac
  done
  printf '%s\n' "$told" >&2
  return 1
}
"""
).replace("@link@", ENABLED)

READ_ALL = READABLE + "! systemctl is-active -q nginx || readable 2> /dev/null < /dev/null\n"
"""Put aside what Nginx cannot read, and say so; when that does not do, whoever reloads it tells."""

LOAD = (
    READABLE
    + r"""
failed() {
  systemctl status -n 20 --no-pager nginx >&2
  exit 1
}
systemctl unmask -q nginx && systemctl enable -q nginx && systemctl daemon-reload || exit 1
readable || exit 1
find /etc/nginx -newerct now -exec chown -h --reference={} {} \;
if ! systemctl is-active -q nginx; then
  # Somebody may have started one by hand, which holds the port.
  by_hand=$(cat /run/nginx.pid 2>/dev/null)
  if [ -n "$by_hand" ] && [ "$(cat "/proc/$by_hand/comm" 2>/dev/null)" = nginx ]; then
    kill "$by_hand"
    for try in $(seq 100); do [ -e "/proc/$by_hand" ] || break; sleep 0.1; done
  fi
  systemctl start nginx || failed
  exit 0
fi
main=$(systemctl show -P MainPID nginx)
# `reload` sends its signal to whomever this file names.
[ "$(cat /run/nginx.pid 2>/dev/null)" = "$main" ] || printf '%s\n' "$main" > /run/nginx.pid
children=/proc/$main/task/$main/children
before=" $(cat "$children") "
systemctl reload nginx || failed
for try in $(seq 200); do
  for child in $(cat "$children"); do
    case $before in *" $child "*) ;; *) exit 0 ;; esac
  done
  sleep 0.05
done
echo 'Nginx did not take the new configuration; its own words:' >&2
tail -n 10 /var/log/nginx/error.log >&2
exit 1
"""
)


def load() -> StringCommand:
    """Have Nginx run with the configuration that is on disk, and wait until it does.

    A change that seems to lie in the future (the clock was set back) would look unloaded for
    ever, so such files are touched first.
    """
    return telling(StringCommand(LOAD.strip()))


def takes_it() -> str:
    """A check of files: whether Nginx takes them."""
    return f"({READABLE.strip()}\nreadable)"


def takes_it_so_far() -> str:
    """The same before the site itself is in place: what is wrong with that is not looked at."""
    site = shlex.quote(SITE)
    return f"([ ! -e {site} ] || {takes_it()})"


def django_knows_it(layout: Layout) -> str:
    """A check of a site: whether Django answers a visitor of that name, which it may not know."""
    return f"(cd {shlex.quote(str(layout.library))} && python3 -B -m switch.known >&2)"
