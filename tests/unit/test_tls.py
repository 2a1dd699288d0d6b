"""HTTPS: what the settings may say, and when a host needs a certificate."""

import shlex
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stack.commands import leaving
from stack.host.certificate import certificate_in
from stack.host.observation import Entry, Observation, Unit
from stack.project.certbot import accounts_of, paths, renewal_of, served_paths
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.settings import SettingsError, load_all
from stack.state.certificates import (
    begins_anew,
    former,
    has_one_to_begin_with,
    is_led_astray,
    is_served,
    of_others,
    renews_itself,
    still_leads,
    why_not_to_serve,
    why_to_ask,
)
from stack.state.scope import of_host
from stack.state.services import nginx_is_loaded
from stack.state.visited import certificate, is_certificate_read, is_self_made
from tests.e2e.certificates import Issuer
from tests.unit.hosts import converged, link, sample_target

NAMES = ("shop.example", "www.shop.example")
ISSUER = Issuer()
OWN = ISSUER.issue(*NAMES)
LINEAGE = "/etc/letsencrypt/live/fooproject"
RENEWAL = """renew_before_expiry = {} days
[renewalparams]
account = abc
server = https://acme-v02.api.letsencrypt.org/directory
webroot_path = /var/lib/fooproject-acme,
"""
TARGET = sample_target(tls="acme", server_name=NAMES)


def problems(**data: object) -> list[str]:
    host = {"source": "tests/project", "server_name": list(NAMES), **data}
    try:
        load_all({"web1": host})
    except SettingsError as error:
        return [str(problem).removeprefix("web1: ") for problem in error.problems]
    return []


def certified(life: int = 90, left: int = 89) -> Observation:
    """A host whose certificate is live: the days it is for, and those until it ends."""
    target = TARGET
    # What is issued began a day ago.
    its = ISSUER.issue(*target.names, ends_in=timedelta(days=life - 1))
    found = certificate_in(its.certificate)
    assert found
    entry = Entry("file", "600", "root", "root", 1.0, 1.0)
    folder = "/etc/ssl/fooproject"
    renewal = RENEWAL.format(found.renews_days_before())
    seen = converged(target)
    return replace(
        seen,
        now=found.ends - left * 86400,
        entries={
            **seen.entries,
            f"{folder}/current": link(LINEAGE),
            f"{folder}/trusted": entry,
            f"{LINEAGE}/fullchain.pem": link("../../archive/fooproject/fullchain1.pem"),
            f"{LINEAGE}/privkey.pem": link("../../archive/fooproject/privkey1.pem"),
            f"{accounts_of(target)}abc": entry,
        },
        texts={f"{LINEAGE}/fullchain.pem": its.certificate, renewal_of(target): renewal},
        units={**seen.units, "certbot.timer": Unit("loaded", "active", "enabled")},
    )


OFF = sample_target(server_name=NAMES)
FILES = sample_target(
    tls="files", tls_certificate=OWN.certificate, tls_key=OWN.key, server_name=NAMES
)
HOOK = "/etc/letsencrypt/renewal-hooks/deploy/fooproject"
CERTBOTS = [
    "/etc/letsencrypt/live/fooproject",
    "/etc/letsencrypt/archive/fooproject",
    "/etc/letsencrypt/renewal/fooproject.conf",
]
CHALLENGES = "/var/lib/fooproject-acme"


def was_certified() -> Observation:
    """A host whose certificate has come from a CA, with all that is there for it."""
    folder = Entry("directory", "755", "root", "root", 1.0, 1.0)
    seen = certified()
    there = (*CERTBOTS, HOOK, CHALLENGES, "/etc/ssl/fooproject/own")
    return replace(seen, entries={**seen.entries, **dict.fromkeys(there, folder)})


@pytest.mark.parametrize(("target", "served"), [(OFF, ["current"]), (FILES, [])])
def test_a_certificate_that_is_no_longer_declared_goes_what_tells_of_it_last(
    target: Target, served: list[str]
) -> None:
    seen = was_certified()
    assert former(seen, target) == [
        *("/etc/ssl/fooproject/own", "/etc/ssl/fooproject/trusted"),
        *CERTBOTS,
        *(HOOK, CHALLENGES),
        *(f"/etc/ssl/fooproject/{name}" for name in served),
    ]
    assert set(former(seen, target)) <= set(of_host(target).paths)
    assert former(converged(target), target) == []
    # A run may be cut after each of them.
    left = dict(seen.entries)
    for path in (going := former(seen, target)):
        assert former(replace(seen, entries=left), target) == going
        left, going = {one: left[one] for one in left if one != path}, going[1:]
        if path.endswith(".conf"):
            seen = replace(seen, texts={})


def test_one_that_is_declared_or_of_a_project_that_leaves_stays() -> None:
    assert former(was_certified(), TARGET) == []
    assert former(was_certified(), replace(OFF, leaves=True)) == []


def test_a_certificate_of_ones_own_goes_with_its_key() -> None:
    seen = replace(converged(FILES), texts={})
    there = ["/etc/ssl/fooproject/files", "/etc/ssl/fooproject/current"]
    assert former(seen, OFF) == there


@pytest.mark.parametrize("target", [FILES, TARGET])
def test_a_host_that_nobody_visits_has_no_certificate(target: Target) -> None:
    store = replace(target, roles=frozenset({"db"}))
    assert target.files.https
    assert store.files.https == []
    assert "/etc/ssl/fooproject/current" in former(replace(converged(FILES), texts={}), store)


def test_a_persons_own_certificate_by_the_projects_name_stays() -> None:
    seen = was_certified()
    theirs = seen.texts[renewal_of(TARGET)].replace(CHALLENGES, "/var/www/html")
    bare = {path: seen.entries[path] for path in (*CERTBOTS, HOOK)}
    own = replace(seen, texts={renewal_of(TARGET): theirs}, entries=bare)
    assert former(own, OFF) == []
    mixed = replace(own, entries=seen.entries)
    assert not set(CERTBOTS) & set(former(mixed, OFF))


@pytest.mark.parametrize("is_ours", [True, False])
def test_an_account_goes_with_the_certificate_that_it_is_for_alone(
    tmp_path: Path, is_ours: bool
) -> None:
    renewal = tmp_path / "renewal" / "fooproject.conf"
    account = tmp_path / "accounts" / "ca" / "directory" / "abc"
    account.mkdir(parents=True)
    renewal.parent.mkdir()
    renewal.write_text("account = abc\n")
    going = tmp_path / "going"
    going.mkdir()
    belongings = Belongings(TARGET.layout)
    its = [str(TARGET.layout.renewal)] if is_ours else []
    command = leaving.certificates(belongings, [str(going), *its])
    words = [word.replace("/etc/letsencrypt", str(tmp_path)) for word in shlex.split(str(command))]
    subprocess.run(words[: words.index("<")], check=True)
    assert not going.exists()
    assert (renewal.exists(), account.exists()) == (not is_ours, not is_ours)


@pytest.mark.parametrize(
    "path",
    [
        f"{LINEAGE}/fullchain.pem",
        "/etc/letsencrypt/archive/fooproject/fullchain1.pem",
        "/etc/ssl/fooproject/current/fullchain.pem",
    ],
)
def test_one_that_the_settings_own_lines_name_stays(path: str) -> None:
    lines = sample_target(server_name=NAMES, nginx_server=f"ssl_certificate {path};")
    assert former(was_certified(), lines) == []


def test_what_names_a_certificate_besides_the_project_is_somebody_elses() -> None:
    ours = [OFF.files.site_file, "/etc/nginx/snippets/fooproject-acme.conf"]
    theirs = ["/etc/postfix/main.cf", "/etc/nginx/snippets/other-server.conf"]
    assert of_others([*ours, *theirs], was_certified(), OFF) == theirs


@pytest.mark.parametrize("name", ["*.shop.example", ".shop.example", "shop.*", "_", "10.0.0.1"])
def test_what_no_ca_certifies_by_http_is_refused_with_the_way(name: str) -> None:
    [told] = problems(tls="acme", server_name=["a.example", name])
    assert told.startswith(f'server_name = "{name}"')
    assert 'tls = "files"' in told


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "tls_certificate: is missing"),
        ({"tls_certificate": OWN.certificate}, "tls_key: is missing"),
        ({"tls_certificate": "x", "tls_key": OWN.key}, "tls_certificate: expected the text of"),
        (
            {"tls_certificate": OWN.key, "tls_key": OWN.key},
            "tls_certificate: is not a PEM certificate",
        ),
        (
            {"tls_certificate": OWN.certificate, "tls_key": OWN.certificate},
            "tls_key: is not a PEM private key",
        ),
        (
            {"tls_certificate": OWN.certificate, "tls_key": ISSUER.issue(*NAMES).key},
            "tls_key: does not belong to",
        ),
    ],
)
def test_files_that_are_none_are_refused(data: dict[str, str], told: str) -> None:
    found = problems(tls="files", **data)
    assert told in found[0]
    assert not any(line in problem for problem in found for line in OWN.key.splitlines()[1:3])


def test_files_that_lack_a_name_are_refused() -> None:
    few = ISSUER.issue("shop.example")
    [told] = problems(tls="files", tls_certificate=few.certificate, tls_key=few.key)
    assert told.endswith("and not for www.shop.example")


def test_the_case_of_a_name_does_not_count() -> None:
    its = ISSUER.issue("shop.example", "www.Shop.example")
    words = {"tls_certificate": its.certificate, "tls_key": its.key}
    assert problems(tls="files", server_name=("Shop.Example", "WWW.shop.example"), **words) == []


def test_a_wildcard_covers_its_names() -> None:
    its = ISSUER.issue("shop.example", "*.shop.example")
    assert problems(tls="files", tls_certificate=its.certificate, tls_key=its.key) == []


def test_a_host_with_a_certificate_of_the_cas_needs_none() -> None:
    seen = certified()
    assert why_to_ask(seen, TARGET) == ""
    assert has_one_to_begin_with(seen, TARGET)
    assert is_served(seen, TARGET)
    assert renews_itself(seen, TARGET)


def without_entry(path: str) -> Callable[[Observation], Observation]:
    return lambda seen: replace(
        seen, entries={name: entry for name, entry in seen.entries.items() if name != path}
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda seen: replace(seen, texts={}), "there is none"),
        (lambda seen: certified(left=10), "was not renewed"),
        (without_entry(f"{accounts_of(TARGET)}abc"), "account with the CA is gone"),
        (without_entry(f"{LINEAGE}/privkey.pem"), "put there by hand"),
    ],
)
def test_the_ca_is_asked_with_a_reason(
    change: Callable[[Observation], Observation], why: str
) -> None:
    assert why in why_to_ask(change(certified()), TARGET)


def test_other_names_and_another_ca_are_reasons() -> None:
    more = sample_target(tls="acme", server_name=(*NAMES, "new.shop.example"))
    assert "is for shop.example, www.shop.example" in why_to_ask(certified(), more)
    other = sample_target(
        tls="acme", server_name=NAMES, tls_server="https://ca.example/acme/directory"
    )
    assert "is of https://acme-v02" in why_to_ask(certified(), other)
    assert accounts_of(other) == "/etc/letsencrypt/accounts/ca.example/acme/directory/"


def test_one_of_a_few_days_is_late_by_its_own_measure() -> None:
    assert why_to_ask(certified(life=6, left=2), TARGET) == ""
    assert "was not renewed" in why_to_ask(certified(life=6, left=0), TARGET)


def test_a_timer_that_is_off_renews_nothing() -> None:
    seen = certified()
    off = replace(
        seen, units={**seen.units, "certbot.timer": Unit("loaded", "inactive", "enabled")}
    )
    assert not renews_itself(off, TARGET)


def test_nginx_that_has_not_read_a_new_certificate_is_to_be_loaded() -> None:
    seen, files = certified(), [*TARGET.files.nginx, *TARGET.files.site]
    assert nginx_is_loaded(seen, files, besides=served_paths(TARGET))
    renewed = {**seen.entries, f"{LINEAGE}/fullchain.pem": link("x", changed=50.0)}
    assert not nginx_is_loaded(replace(seen, entries=renewed), files, besides=served_paths(TARGET))


def test_without_https_nothing_of_it_is_read() -> None:
    assert served_paths(sample_target()) == []
    assert not any("ssl" in file.path for file in sample_target().files.all)


def with_files(days: int) -> Target:
    its = ISSUER.issue(*NAMES, ends_in=timedelta(days=days))
    return sample_target(
        tls="files", server_name=NAMES, tls_certificate=its.certificate, tls_key=its.key
    )


def test_one_that_has_expired_takes_no_others_place_and_holds_nothing_else_up() -> None:
    old = with_files(days=-1)
    now = time.time()
    assert "has expired" in why_not_to_serve(replace(converged(with_files(9)), now=now), old)
    # It is there already: going back, and all else, goes on.
    assert why_not_to_serve(replace(converged(old), now=now), old) == ""
    assert why_not_to_serve(replace(Observation(), now=now), with_files(days=9)) == ""


SERVED = "/etc/ssl/fooproject/current/fullchain.pem"


def test_the_certificate_of_a_host_is_the_one_that_lies_where_nginx_reads_it() -> None:
    settings, other = with_files(days=30), ISSUER.issue(*NAMES, ends_in=timedelta(days=-1))
    assert SERVED in of_host(settings).texts
    seen = converged(settings)
    assert certificate(seen, settings) is None  # set, and not on the host yet
    seen = replace(seen, texts={SERVED: other.certificate})
    assert certificate(seen, settings) == certificate_in(other.certificate)
    assert is_certificate_read(seen, settings)
    path = "/etc/ssl/fooproject/files/fullchain.pem"
    later = {**seen.entries, path: replace(seen.entries[path], changed=50.0)}
    assert not is_certificate_read(replace(seen, entries=later), settings)


@pytest.mark.parametrize(("leads_to", "made_here"), [("own", True), ("files", False)])
def test_what_is_served_is_told_until_the_ca_has_given_another(
    leads_to: str, made_here: bool
) -> None:
    seen, folder = converged(TARGET), "/etc/ssl/fooproject"
    entry = Entry("file", "600", "root", "root", 1.0, 1.0)
    pem = f"{folder}/{leads_to}/fullchain.pem"
    entries = {**seen.entries, f"{folder}/current": link(leads_to), pem: entry}
    seen = replace(seen, texts={SERVED: OWN.certificate}, entries=entries)
    assert SERVED in of_host(TARGET).texts
    assert certificate(seen, TARGET) == certificate_in(OWN.certificate)
    assert is_self_made(seen, TARGET) == made_here
    assert is_certificate_read(seen, TARGET)
    entries[pem] = replace(entry, changed=50.0)
    assert not is_certificate_read(seen, TARGET)


def test_a_certificate_that_is_served_is_told_of_until_https_is_off_on_the_host() -> None:
    seen = replace(converged(OFF), texts={SERVED: OWN.certificate})
    assert SERVED in of_host(OFF).texts
    assert certificate(seen, OFF) is None
    still = {"/etc/nginx/sites-enabled/default": f"ssl_certificate {SERVED};"}
    assert certificate(replace(seen, nginx_files=still), OFF) == certificate_in(OWN.certificate)


@pytest.mark.parametrize(
    "current", [None, link("/tmp"), Entry("directory", "755", "root", "root", 1.0, 1.0)]
)
def test_a_link_that_leads_astray_is_put_right_without_another_certificate(
    current: Entry | None,
) -> None:
    path = "/etc/ssl/fooproject/current"
    seen = without_entry(path)(certified())
    if current:
        seen = replace(seen, entries={**seen.entries, path: current})
    assert is_led_astray(seen, TARGET)
    assert begins_anew(seen, TARGET)
    gone = without_entry(f"{LINEAGE}/privkey.pem")(seen)
    assert not is_led_astray(gone, TARGET)
    assert begins_anew(gone, TARGET)
    assert not begins_anew(certified(), TARGET)


def test_a_certificate_of_ones_own_is_served_until_the_ca_has_given_another() -> None:
    seen = converged(TARGET)
    entry = Entry("file", "600", "root", "root", 1.0, 1.0)
    folder = "/etc/ssl/fooproject"
    ones_own = {f"{folder}/files/{name}.pem": entry for name in ("fullchain", "privkey")}
    there = {**seen.entries, f"{folder}/current": link("files"), **ones_own}
    assert set(ones_own) <= set(paths(TARGET))
    assert has_one_to_begin_with(replace(seen, entries=there), TARGET)
    del there[f"{folder}/files/privkey.pem"]
    assert not has_one_to_begin_with(replace(seen, entries=there), TARGET)


def test_who_was_led_to_https_is_led_there_while_the_cas_certificate_is_still_to_come() -> None:
    seen = converged(TARGET)
    entry = Entry("file", "600", "root", "root", 1.0, 1.0)
    folder = "/etc/ssl/fooproject"
    pairs = {
        f"{folder}/{kind}/{name}.pem": entry
        for kind in ("files", "own")
        for name in ("fullchain", "privkey")
    }

    def leading_to(where: str) -> Observation:
        return replace(seen, entries={**seen.entries, **pairs, f"{folder}/current": link(where)})

    [mark] = still_leads(leading_to("files"), TARGET)
    assert mark.path == f"{folder}/trusted"
    assert mark.path in of_host(TARGET).paths
    # Browsers would show the host's own to nobody.
    assert still_leads(leading_to("own"), TARGET) == []
    assert still_leads(certified(), TARGET) == []
    assert still_leads(leading_to("files"), FILES) == []
