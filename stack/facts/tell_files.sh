# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# Packages, groups, and files of root's, those of all projects among them.
# What begins as asked comes after the paths themselves, in one go with them.
declared() {
  # shellcheck disable=SC2086 # a list
  set -- $paths
  for beginning in $beginnings; do
    set +f
    set -- "$@" "$beginning"*
    set -f
  done
  entries "$@"
}

# apt takes a name that no package has for one that an installed package provides.
provided() {
  # shellcheck disable=SC2016 # dpkg-query's variables
  names=$(dpkg-query -W -f '${db:Status-Status},${Provides}\n' 2>/dev/null |
    sed -n 's/^installed,//p' | tr ',' '\n' | sed 's/^ *//; s/ *(.*//')
  for package in $packages; do
    case $newline$names$newline in
      *"$newline$package$newline"*)
        # Without its caches it writes nothing.
        [ -n "$(apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
          show "$package" 2>/dev/null)" ] || printf 'package\t%s\tinstalled\n' "$package" ;;
    esac
  done
}

tell_files() {
  # The lists, of which each line is a word.
  IFS=$newline
  # shellcheck disable=SC2016,SC2086 # dpkg-query's variables; a list
  known=$(dpkg-query -W -f 'package\t${Package}\t${db:Status-Status}\n' $packages 2>/dev/null)
  printf '%s\n' "$known"
  case $known in *not-installed*) provided ;; esac
  # shellcheck disable=SC2086 # a list
  for entry in $(getent group $groups); do
    printf 'group\t%s\n' "${entry%%:*}"
  done
  declared
  if [ -n "$more_units" ]; then
    # shellcheck disable=SC2086 # a list
    tell unit "$newline$(systemctl show $more_units \
      -p Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload,Result 2>/dev/null)"
  fi
  # shellcheck disable=SC2086 # a list
  find $program_logs -maxdepth 0 -type f \
    -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' 2>/dev/null
  for path in $texts; do
    [ -f "$path" ] && printf 'text\t%s\t%s\n' "$path" "$(base64 -w 0 < "$path")"
  done
  unset IFS
  # What serves the site now may be another file than what is to.
  now=$(sed -n 's/^ *"site_file": "\([^"]*\)".*/\1/p' "/usr/local/lib/$user/switch.json" 2>/dev/null)
  [ -f "$now" ] || now=$site
  printf 'site\t%s\n' "$now"
  # Earlier versions wrote down whatever the project had logged. A release that went live is told in
  # less than one that did not; and however many did not, what was live is known.
  tail -c 50000000 "$log" 2>/dev/null | tail -n 2000 | awk '
    length > 16384 { next }
    { line[++n] = $0; live[n] = /"result": "live"/; all[live[n]]++ }
    END {
      for (i = 1; i <= n; i++) if (all[live[i]]-- <= (live[i] ? 100 : 20)) print "log\t" line[i]
    }'
  { read -r pid < /run/nginx.pid; } 2>/dev/null && printf 'nginx-pid\t%s\n' "$pid"
  set +f
  [ "$now" != "$site" ] || now=
  # A pipe would be waited for, and what is long is no site: of that the beginning does. What a link
  # leads to changes without the link; should that be in the future, the clock was set back.
  find -L /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* "$site" "$now" \
    /etc/nginx/snippets/* /etc/nginx/modules-enabled/* -maxdepth 0 -type f \
    \( ! -newerct now -printf '%C@ %s %p\n' -o -printf '0 %s %p\n' \) \
    2>/dev/null | while read -r changed size path; do
    printf 'nginx\t%s\n' "$changed"
    case $path in /etc/nginx/snippets/* | /etc/nginx/modules-enabled/*) continue ;; esac
    if [ "$size" -le 200000 ]; then
      text=$(base64 -w 0 < "$path")
    else
      text=$(head -c 200000 "$path" | base64 -w 0)
    fi
    printf 'nginx-file\t%s\t%s\n' "$path" "$text"
  done
  # What root has written down of each project here. A word of it is nobody else's to say.
  for path in /usr/local/lib/*/switch.json /usr/local/lib/*/balancer.json \
    /usr/local/lib/*/database.json /usr/local/lib/*/server.json; do
    [ -e "$path" ] || continue
    [ -n "$(find "$path" -maxdepth 0 -type f -uid 0 ! -perm /022 -size -200k 2>/dev/null)" ] || continue
    printf 'project\t%s\t%s\n' "$path" "$(base64 -w 0 < "$path")"
  done
  set -f
}
