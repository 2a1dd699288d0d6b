"""What a base is made of. Bases in the cache are keyed by this file's text, among other things."""

from typing import Literal

from tests.lab.systems import System, is_ubuntu

Base = Literal["bare", "ready", "stocked"]
"""Each is made of the one before it."""

# A host as one that was installed with a password for root: apt and python3 work, root can come in,
# and there is no sudo.
BARE_PACKAGES = (
    "ca-certificates",
    "dbus",
    "iproute2",
    "less",
    "openssh-server",
    "procps",
    "python3",
    "systemd",
    "systemd-sysv",
    "udev",
)

# Of Ubuntu's cloud images, what a deployment may meet there.
UBUNTU_PACKAGES = ("apt", "needrestart", "rsyslog", "sudo", "ufw", "unattended-upgrades")
RUST_PACKAGES = ("sudo-rs",)
"""From 26.04 on, beside coreutils that are in Rust too."""

# What the deploy installs, so that most tests need not wait for it.
READY_PACKAGES = (
    "build-essential",
    "logrotate",
    "nginx",
    "python3-dev",
    "python3-venv",
    "supervisor",
    "virtualenvwrapper",
)
SUDO = "sudo"
"""As cloud images have it: by it the accounts become root that are no root's."""

# What tests and deploys install later on. Hosts have the files, so that a network that is gone for
# a minute, or slow, is no test's concern: only what a test wants to fetch is fetched.
LATER_PACKAGES = (
    *("certbot", "pebble", "postgresql"),
    *("needrestart", "nftables", "unattended-upgrades"),
    # Login shells of another kind.
    *("fish", "tcsh"),
)
WHEELS = "/srv/wheels"
SAMPLES = "Django==5.2.* gunicorn psycopg[binary]"
"""What the sample project requires."""
REQUIREMENTS = (
    "celery setproctitle sqlparse idna",
    # Versions that tests ask for beside the newest.
    "Django==5.2.1 idna<3.7",
    "Django==4.2.1 idna<3.8",
    "uvicorn-worker websockets",
    # There is only its source, which takes a minute to compile.
    "uwsgi",
    # What builds a project that is a package itself.
    "setuptools wheel",
)

ADMIN_PASSWORD = "let-admin-in"

# They only make noise while a test measures something else.
MASKED_UNITS = (
    "apt-daily.timer",
    "apt-daily-upgrade.timer",
    "dpkg-db-backup.timer",
    "e2scrub_all.timer",
    "e2scrub_reap.service",
    "fstrim.timer",
    "logrotate.timer",
    "man-db.timer",
    "systemd-networkd-wait-online.service",
)


def bare_packages(system: System) -> tuple[str, ...]:
    """What a host has before anything is deployed to it."""
    of_ubuntu = UBUNTU_PACKAGES if is_ubuntu(system) else ()
    return (*BARE_PACKAGES, *of_ubuntu, *(RUST_PACKAGES if system == "ubuntu-26.04" else ()))


# Runs as root inside the new root file system; the public key is in /root/.ssh already.
BARE_SCRIPT = f"""
set -eu
update-ca-certificates >/dev/null 2>&1
useradd --create-home --shell /bin/bash deployer
useradd --create-home --shell /bin/bash --groups sudo admin
echo 'admin:{ADMIN_PASSWORD}' | chpasswd
install -d -m 0750 /etc/sudoers.d
echo 'deployer ALL=(ALL:ALL) NOPASSWD: ALL' > /etc/sudoers.d/deployer
chmod 0440 /etc/sudoers.d/deployer
for user in deployer admin; do
    install -d -m 0700 -o "$user" -g "$user" "/home/$user/.ssh"
    install -m 0600 -o "$user" -g "$user" /root/.ssh/authorized_keys "/home/$user/.ssh/"
done
systemctl mask {" ".join(MASKED_UNITS)} >/dev/null 2>&1
ssh-keygen -A >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --download-only \\
    {" ".join((SUDO, *READY_PACKAGES, *LATER_PACKAGES))} >/dev/null
"""

READY_SCRIPT = f"""
set -eu
export DEBIAN_FRONTEND=noninteractive
printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d
chmod 0755 /usr/sbin/policy-rc.d
apt-get install --yes --quiet {SUDO} {" ".join(READY_PACKAGES)}
rm /usr/sbin/policy-rc.d
python3 -m venv /tmp/venv
/tmp/venv/bin/pip wheel --quiet --no-cache-dir --wheel-dir {WHEELS} {SAMPLES}
/tmp/venv/bin/pip config --quiet --global set global.no-index true
/tmp/venv/bin/pip config --quiet --global set global.find-links {WHEELS}
rm -r /tmp/venv
"""

STOCKED_SCRIPT = f"""
set -eu
python3 -m venv /tmp/venv
for requirements in {" ".join(map(repr, REQUIREMENTS))}; do
    PIP_NO_INDEX=0 /tmp/venv/bin/pip wheel --quiet --no-cache-dir --use-pep517 \\
        --wheel-dir {WHEELS} $requirements
done
rm -r /tmp/venv
"""
