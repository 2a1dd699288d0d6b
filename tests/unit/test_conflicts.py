"""What of other people's Nginx files is in the way of the site, and what may not be lost by it."""

import subprocess
from dataclasses import replace

import pytest

from stack.host.files import Declared, File
from stack.project.nginx_files import SITE
from stack.settings import load
from stack.state import conflicts
from stack.state.server_blocks import servers_in
from stack.state.supervisor_conflicts import of_supervisor, said_in_supervisor
from tests.unit.hosts import SAMPLE, converged, sample_target

TARGET = sample_target(server_name=("fooproject.se", "www.fooproject.se"))
FILES = [*TARGET.files.nginx, TARGET.files.link, *TARGET.files.site]
OTHER = "/etc/nginx/sites-enabled/other"
DEBIANS = """
server {
    listen 80 default_server;  # not: listen 443 ssl;
    listen [::]:80 default_server;
    root /var/www/html;
    server_name _;
}
"""


def site(files: list[Declared]) -> str:
    [text] = [f.content for f in files if isinstance(f, File) and f.path == SITE]
    return text


def put_aside(text: str) -> bool:
    return conflicts.of_nginx(replace(converged(TARGET), nginx_files={OTHER: text}), FILES) != []


def refused(text: str, path: str = SITE) -> str:
    seen = replace(converged(TARGET), nginx_files={path: text})
    return "".join(conflicts.would_be_lost(seen, FILES))


def test_a_file_that_is_put_aside_comes_with_the_names_that_it_takes_along() -> None:
    def told(block: str) -> str:
        seen = replace(converged(TARGET), nginx_files={OTHER: f"server {{ {block} }}"})
        return conflicts.with_what_it_serves(seen, OTHER, FILES)

    names = "server_name old.example a.old.example fooproject.se;"
    assert told(f"listen 80; {names}") == f"{OTHER}, which serves a.old.example, old.example too"
    assert told("listen 80; server_name fooproject.se _;") == OTHER
    assert told("server_name .fooproject.se;") == f"{OTHER}, which serves *.fooproject.se too"


@pytest.mark.parametrize(
    "block",
    [
        "listen 80; server_name fooproject.se;",
        "listen *:80;\nserver_name\n  a.example\n  WWW.fooproject.se;",
        "server_name 'fooproject.se';",
        "server_name .fooproject.se;",
        'server_name a.example; server_name ".FooProject.se" b.example;',
        "listen 0.0.0.0; server_name fooproject.se;",
        "listen 80 default_server; server_name other.example;",
        "listen [::]:80; server_name fooproject.se;",
        "listen [::]:80 default_server; server_name other.example;",
        "listen [::]:80 ipv6only=off default_server;",
        "location / { return 404; } server_name fooproject.se; listen 80;",
    ],
)
def test_what_claims_our_port_and_our_name_or_all_names_is_put_aside(block: str) -> None:
    assert put_aside(f"server {{ {block} }}")
    assert put_aside(f"server {{ listen 80; server_name a.example; }}\nserver {{ {block} }}")


@pytest.mark.parametrize(
    "block",
    [
        "listen 443 ssl; server_name fooproject.se;",
        "listen 443 ssl default_server; server_name fooproject.se;",
        "listen 8080; server_name fooproject.se;",
        "listen 10.0.0.1:80 default_server; server_name fooproject.se;",
        "listen unix:/run/x.sock; server_name fooproject.se;",
        "listen 80; server_name other.example; # server_name fooproject.se;",
        "listen 80; server_name other.example; return 301 https://fooproject.se;",
        "listen 80; server_name old.fooproject.se fooproject.se.example;",
        "listen 8080; server_name .fooproject.se;",
        # Each loses to a name that is said in full.
        "listen 80; server_name *.fooproject.se;",
        "listen 80; server_name fooproject.* *.se;",
        r"listen 80; server_name ~^fooproject\.se$;",
        "listen 80; server_name .www.fooproject.se.example;",
        "listen 80; server_name _;",
    ],
)
def test_what_claims_something_else_stays(block: str) -> None:
    text = f"server {{ {block} }}"
    assert not put_aside(text)
    assert not put_aside(f"{text}\nserver {{ listen 80; server_name other.example; }}")


def test_a_name_with_a_dot_before_it_is_that_name_and_all_below_it() -> None:
    dotted = sample_target(server_name=(".fooproject.se",))
    files = [*dotted.files.nginx, dotted.files.link, *dotted.files.site]
    for name, is_rival in (
        ("fooproject.se", True),
        ("*.fooproject.se", True),
        (".fooproject.se", True),
        # Which Nginx takes in place of the pattern.
        ("www.fooproject.se", False),
    ):
        text = f"server {{ listen 80; server_name {name}; }}"
        seen = replace(converged(dotted), nginx_files={OTHER: text})
        assert bool(conflicts.of_nginx(seen, files)) == is_rival, name


def test_what_a_pattern_of_the_site_answers_for_is_not_lost() -> None:
    patterns = sample_target(server_name=(".fooproject.se", "shop.*"))
    files = [*patterns.files.nginx, patterns.files.link, *patterns.files.site]

    def lost(names: str) -> str:
        text = f"server {{ server_name {names}; }}"
        seen = replace(converged(patterns), nginx_files={SITE: text})
        return "".join(conflicts.would_be_lost(seen, files))

    assert lost("fooproject.se www.fooproject.se *.fooproject.se *.a.fooproject.se shop.se") == ""
    assert "overwritten: ~x.fooproject.se." in lost("fooproject.se ~x.fooproject.se")
    assert "overwritten: shop, www.fooproject.*." in lost("shop www.fooproject.*")
    assert "overwritten: *.other.se, other.se." in lost(".other.se")


def test_a_name_in_one_block_and_the_port_in_another_are_no_claim() -> None:
    redirect = "server { listen 80; server_name other.example; return 404; }"
    assert not put_aside(f"{redirect} server {{ listen 443 ssl; server_name fooproject.se; }}")


def test_a_file_that_serves_https_besides_is_refused() -> None:
    text = """
        server { listen 80; server_name fooproject.se; return 301 https://$host$request_uri; }
        server { listen 443 ssl; server_name fooproject.se; }
    """
    assert refused(text, OTHER).startswith(
        f"{OTHER} answers on port 80 in place of this site, and on *:443 too"
    )


def test_what_a_deployment_wrote_is_replaced_whatever_it_says() -> None:
    before = sample_target(server_name=("old.example",), bind="unix:/run/x.sock")
    text = site(before.files.site)
    assert refused(text) == ""
    moved = text.replace("http://unix:/run/x.sock", "http://fooproject-understudy")
    assert moved != text
    assert refused(moved) == ""


@pytest.mark.parametrize("text", [DEBIANS, "", "server {", "server { listen 80; }"])
def test_the_site_of_debians_package_is_replaced(text: str) -> None:
    assert refused(text) == ""


def test_a_site_that_is_ours_with_a_line_by_hand_is_replaced() -> None:
    text = site(FILES)
    assert refused(text.replace("50M", "1M")) == ""
    assert refused(f"{text}#\n") == ""


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        ("listen 80 default_server;", "listen 80 default_server; listen 443 ssl;", "*:443"),
        ("listen 80 default_server;", "listen 80; listen [::1]:80;", "[::1]:80"),
        (" www.fooproject.se;", " www.fooproject.se shop.example;", "shop.example"),
        ("server {", "server { listen 8080; server_name a.example; }\nserver {", "*:8080, a.exam"),
    ],
)
def test_a_site_that_serves_more_than_is_declared_is_refused(old: str, new: str, more: str) -> None:
    text = site(FILES)
    assert old in text
    problem = refused(text.replace(old, new, 1))
    assert f"would be overwritten: {more}" in problem


def test_a_file_that_is_cut_short_tells_what_it_has_so_far() -> None:
    [server] = servers_in("a { b; } } server { listen 1.2.3.4; server_name x y; location / { c")
    assert (server.addresses, server.names) == ({"1.2.3.4:80"}, {"x", "y"})
    assert servers_in('server "') == []


PROGRAMS = "/etc/supervisor/conf.d"
BESIDE = {"programs": {"mailer": "sleep 1", "a.b-c": "sleep 1"}}
WITH_PROGRAMS = replace(TARGET, settings=load({"source": SAMPLE, **BESIDE}, "web1"))


def declares(line: str) -> bool:
    """Whether a line of Supervisor's is told of a host, by grep as there."""
    command = ["grep", "-osE", said_in_supervisor(WITH_PROGRAMS)]
    return subprocess.run(command, input=line, text=True, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    "line",
    [
        "[program:django]",
        "[program:mailer] ; the old one",
        "[program: mailer ]",
        "[program:a.b-c]",
        "[group:mailer]",
        "[eventlistener:mailer]",
        "[fcgi-program:mailer]",
        "programs=mailer",
        "programs = other, mailer",
        "programs=mailer,other",
        "[supervisord]",
    ],
)
def test_what_declares_a_program_of_ours_by_any_kind_is_told(line: str) -> None:
    assert declares(line)


@pytest.mark.parametrize(
    "line",
    [
        "[program:mailers]",
        "[program:my-mailer]",
        "[program:a_b-c]",
        "[group:mail]",
        "programs=mailers,my-mailer",
        ";[program:mailer]",
        "command=/bin/mailer",
    ],
)
def test_what_declares_another_is_not(line: str) -> None:
    assert not declares(line)


def test_a_file_that_declares_a_program_of_ours_is_put_aside_once_and_ours_is_not() -> None:
    its = WITH_PROGRAMS
    own = its.files.programs["mailer"].path
    theirs = f"{PROGRAMS}/amail.conf"
    seen = replace(
        converged(its),
        supervisor_strays=(
            (its.files.program.path, "[program:django]"),
            (own, "[program:mailer]"),
            (theirs, "[program:mailer]"),
            (theirs, "[group:mailer]"),
        ),
    )
    assert of_supervisor(seen, its) == [theirs]
    by_hand = replace(seen, supervisor_strays=((own, "[program:django]"),))
    assert of_supervisor(by_hand, its) == [own]


@pytest.mark.parametrize("port", [80, 443])
def test_another_program_at_a_port_that_nginx_needs_is_named(port: int) -> None:
    seen = replace(converged(TARGET), at_ports={port: "apache2 (process 12)"})
    site = File("/etc/nginx/sites-available/default", f"server {{ listen {port} ssl; }}\n")
    [told] = conflicts.hindrances(seen, [site])
    assert f"port {port} is held by apache2 (process 12)" in told
    of_nginx = replace(seen, at_ports={port: "nginx (process 3)"})
    assert list(conflicts.hindrances(of_nginx, [site])) == []
    other = File(site.path, "server { listen 8080; }\n")
    assert list(conflicts.hindrances(seen, [other])) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("keepalive_timeout 5;", "has keepalive_timeout and so has /etc/nginx/nginx.conf"),
        ("server_tokens off; server_tokens on;", "has server_tokens twice"),
        # Of blocks of its own, and said again by right.
        ("server { listen 8080; keepalive_timeout 5; }", ""),
        (
            "gzip_types a/b; access_log off; include mime.types; add_header a b;",
            "",
        ),
        ("# keepalive_timeout 5;", ""),
        # Which is put aside, and takes nothing with it.
        ("server_tokens off; keepalive_timeout 5; server { server_name fooproject.se; }", ""),
    ],
)
def test_what_nginx_takes_once_is_named_where_a_persons_file_says_it_too(
    text: str, told: str
) -> None:
    path = "/etc/nginx/conf.d/own.conf"
    seen = replace(converged(TARGET), nginx_files={path: text})
    problem = "".join(conflicts.hindrances(seen, [*TARGET.files.nginx, *TARGET.files.site]))
    assert (f"{path} {told}, and Nginx allows one" in problem) if told else problem == ""


def test_of_two_files_that_say_it_ours_is_not_to_blame() -> None:
    path, shared = "/etc/nginx/conf.d/own.conf", "/etc/nginx/conf.d/server-names.conf"
    said = "server_names_hash_bucket_size 64;"
    seen = replace(converged(TARGET), nginx_files={path: said, shared: said})
    [problem] = conflicts.hindrances(seen, [*TARGET.files.nginx, *TARGET.files.site])
    assert f"take it out of {path}." in problem
    other = "/etc/nginx/conf.d/a.conf"
    seen = replace(seen, nginx_files={other: said, path: said})
    [problem] = conflicts.hindrances(seen, [*TARGET.files.site])
    assert f"take it out of {path}." in problem
