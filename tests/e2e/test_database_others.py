"""A host in `db` whose PostgreSQL somebody uses already: nobody of theirs is turned away."""

from collections.abc import Callable

import pytest

from tests.e2e.controller import PASSWORD, Controller
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SHOP = """CREATE ROLE shop LOGIN PASSWORD 'of-the-shop'; CREATE DATABASE shop OWNER shop;
ALTER SYSTEM SET listen_addresses = '*';
"""
RULE = "host shop shop 10.0.0.0/8 scram-sha-256"
AS_SHOP = "PGPASSWORD=of-the-shop psql -XAtqw -h {} -U shop shop -c 'SELECT 7'"


def comes_in(host: Host) -> bool:
    """Whether a client of the shop does, at the host itself and at its address."""
    told = [host.enter(AS_SHOP.format(a), check=False).stdout for a in ("127.0.0.1", host.address)]
    return told == ["7\n", "7\n"]


def test_a_server_that_others_use_is_theirs_until_they_are_gone(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("others-db")
    host.enter("apt-get install -qy postgresql", timeout=180)
    host.enter("cd /; runuser -u postgres -- psql -Xqf -", input=SHOP)
    host.enter(f"echo '{RULE}' >> $(echo /etc/postgresql/*/main/pg_hba.conf)")
    host.enter("systemctl restart postgresql@*")
    assert comes_in(host)

    site = controller(host)
    site.groups = {"app": [host], "db": [host]}
    site.data |= {"migrate": "once", "shared": ["media"], "database_password": PASSWORD}
    for words in (("--dry",), ("-y",)):
        run = site.pyinfra("deploy.py", *words, check=False)
        told = " ".join(run.output.split())
        assert run.returncode != 0
        assert (
            "others would no longer get in: databases: shop; roles that log in: shop; "
            "listen_addresses = '*'; \"host shop shop 10.0.0.0/8\" in pg_hba.conf. Put another host"
        ) in told
        assert "Traceback" not in told
    assert comes_in(host)
    assert host.enter("ls /var/lib/django-stack*", check=False).returncode != 0

    host.enter(
        "cd /; runuser -u postgres -- psql -Xqf -",
        input="DROP DATABASE shop; DROP ROLE shop; ALTER SYSTEM RESET listen_addresses;",
    )
    host.enter("sed -i /shop/d $(echo /etc/postgresql/*/main/pg_hba.conf)")
    host.enter("systemctl restart postgresql@*")
    planned = site.plan()
    assert site.apply().changed == planned
    assert site.plan() == []
    # A project that has left, but for its data, comes back to it.
    site.pyinfra("remove.py", "-y")
    site.apply()
    assert site.plan() == []
    host.power_off()
