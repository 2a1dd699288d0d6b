# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# Who is root for the asking: by the files, also of a user who is not there yet, and by sudo itself as
# he is now, which knows of aliases and of what it asks nobody for. A rule for some commands alone is
# none of these. To ask sudo takes as long as ten programs, and most servers have nothing of the kind.
tell_roots() {
  set +f
  if grep -qsE 'NOPASSWD|!authenticate|^[@#]include ' /etc/sudoers /etc/sudoers.d/*; then
    sed -nE 's/^[[:space:]]*([^#[:space:]]+)[[:space:]].*NOPASSWD:(.*[:,[:space:]])?ALL[[:space:]]*$/root\t\1/p' \
      /etc/sudoers /etc/sudoers.d/* 2>/dev/null
    may=
    [ -z "$number" ] || may=$(sudo -n -l -U "$user" 2>/dev/null < /dev/null)$newline
    case $may in
      *'!authenticate'*" ALL$newline"*) printf 'may-be-root\tnow\n' ;;
      *NOPASSWD:*)
        ! printf %s "$may" | grep -q 'NOPASSWD:\(.*[:, ]\)\?ALL$' || printf 'may-be-root\tnow\n'
        ;;
    esac
  fi
  set -f
}
