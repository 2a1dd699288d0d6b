# shellcheck shell=sh
# Runs code inside a release's Django, started by its manage.py as all its commands are. Django's own
# `shell` runs it: a project may have another command of that name, which does something else.
#
# $1 the release's folder, $2 the code, then what it finds in its environment, as NAME=VALUE.
in_django() (
  release=$1 code=$2
  shift 2
  run='
import os, runpy, sys
code = sys.argv[1]
sys.path[0] = os.getcwd()
sys.argv[:] = ["manage.py", "shell", "-v", "0", "-c", code]
try:
    import django.core.management as management
except ImportError:
    pass  # manage.py itself tells, or knows where it is
else:
    load = management.load_command_class
    own = {"shell": "django.core"}
    management.load_command_class = lambda app, name: load(own.get(name, app), name)
runpy.run_path(os.path.join(os.getcwd(), "manage.py"), run_name="__main__")
'
  # Python makes the paths of PYTHONPATH absolute as it starts.
  cd "$release/src" || exit
  exec env IN_DJANGO="$run" "$@" "$release/with-env" python -c "$run" "$code"
)
