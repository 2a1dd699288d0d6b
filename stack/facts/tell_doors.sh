# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# Who is let in from elsewhere, and at which ports.
tell_doors() {
  rules=/etc/django-stack/firewall.nft
  if [ -n "$firewall" ] || [ -e "$rules" ]; then
    main=$(systemctl show -p MainPID --value ssh.service 2>/dev/null)
    {
      sshd -T 2>/dev/null | sed -n 's/^listenaddress .*:\([0-9]*\)$/\1/p'
      # By its own sockets: what ss says of processes is their own word, and users of SSH open others.
      find "/proc/${main:-0}/fd" -lname 'socket:*' -printf '%l\n' 2>/dev/null | tr -dc '0-9\n' |
        while read -r inode; do
          awk -v inode="$inode" '$4 == "0A" && $10 == inode { sub(/.*:/, "", $2); print $2 }' \
            /proc/net/tcp /proc/net/tcp6
        done | while read -r port; do echo "$((0x$port))"; done
      systemctl is-active -q ssh.socket &&
        systemctl show -p Listen --value ssh.socket | sed -n 's/.*:\([0-9]*\) (Stream)$/\1/p'
    } | sed 's/^/ssh-port\t/'
    ss -Hltn 2>/dev/null | awk '$4 !~ /^(127\.|\[::1\]|\[::ffff:127\.)/ { print $4 }' |
      sed 's/.*:/listening\t/'
    if live=$(nft -s list table inet django_stack 2>/dev/null); then
      # How the files read when they are loaded, in a network that ends at once.
      # shellcheck disable=SC2016 # the other shell's
      filed=$(unshare -n sh -c 'nft -f "$1" && nft -s list table inet django_stack' sh "$rules" \
        2>/dev/null)
      [ "$live" = "$filed" ] && live='as filed' || live=differs
      printf 'firewall\t%s\n' "$live"
    fi
  fi
  # Whom a person has ufw let in.
  if [ -f /etc/ufw/ufw.conf ] && grep -q '^ENABLED=yes' /etc/ufw/ufw.conf &&
    ! grep -qs '^DEFAULT_INPUT_POLICY="ACCEPT"' /etc/default/ufw; then
    printf 'ufw\t\t\n'
    # allow|limit PROTOCOL PORT DESTINATION PORT SOURCE [APPLICATIONS] in[_INTERFACE]
    sed -nE 's/^### tuple ### (allow|limit) (any|tcp) ([0-9:,]+|any) [^ ]+ [^ ]+ ([^ ]+) (.* )?in(_.*)?$/ufw\t\3\t\4/p' \
      /etc/ufw/user.rules /etc/ufw/user6.rules 2>/dev/null
  fi
  tell_ports
}

# Who holds the ports of the web, and that of the app server besides its own user. Of IPv6, all
# addresses together are what sites listen at. ss finds a socket's owner by scanning every process's
# open files; the project's user may have any number of those, hence the limit. Processes may have
# any names, of 15 bytes at most.
tell_ports() {
  ports=$(timeout -k 1 10 ss -Hltnpe \
    "( sport = :80 or sport = :443 ${bind_port:+or sport = :$bind_port} )" 2>/dev/null |
    sed -nE "/^LISTEN +[0-9]+ +[0-9]+ +[^ ]+:${bind_port:-none} /{
        /^[^\"]* users:\((\(\"[^\"()]*\",pid=[0-9]+,fd=[0-9]+\),?)+\) uid:${number:-none} ino:/d
        s/.*/another/p
        d
      }
      /\[[0-9a-f:]*[0-9a-f][0-9a-f:]*\](%[^ ]*)?:(80|443) /d
      s/^LISTEN .*:(80|443) .*users:\(\(\"([A-Za-z0-9._-]*)\",pid=([0-9]*).*/at-port\t\1\t\2 (process \3)/p")
  printf '%s\n' "$ports"
  case $newline$ports$newline in *"${newline}another$newline"*) tell_others ;; esac
}

# Without processes ss says nothing that is theirs. It leaves root's number out, and says * for all of
# IPv6 and IPv4.
tell_others() {
  ss -Hltne "sport = :$bind_port" 2>/dev/null |
    sed -nE "s/^LISTEN +[0-9]+ +[0-9]+ +([^ ]+):$bind_port +[^ ]+ +(uid:([0-9]+) )?.*/\1 \3/p" |
    while read -r address account; do
      [ "${account:=0}" != "$number" ] || continue
      name=$(getent passwd "$account") || name="account $account"
      printf 'at-bind\t%s\t%s\n' "$address" "${name%%:*}"
    done
}
