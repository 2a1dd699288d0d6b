"""From what HostState's command prints to an Observation."""

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stack.facts.parsing import RECORDS, parse
from stack.host.observation import Entry, Observation, Process, Unit, User

SUM = "a" * 64
OTHER = "b" * 64
BOOTED = "time\t1000.5\t100.25"
"""The clock and the uptime, so that the host booted at 900.25."""

UNITS = """\
unit\tId=nginx.service
unit\tLoadState=loaded
unit\tActiveState=active
unit\tUnitFileState=enabled
unit\tMainPID=12
unit\tStateChangeTimestampMonotonic=2500000
unit\t
unit\tMainPID=0
unit\tId=supervisor.service
unit\tLoadState=not-found
unit\tActiveState=inactive
unit\tStateChangeTimestampMonotonic=0""".splitlines()


def entry(path: str, kind: str = "f", target: str = "") -> str:
    return f"entry\t{path}\t{kind}\t644\troot\tusers\t910.25\t905.25\t{target}"


def nginx_file(path: str, text: str) -> str:
    return f"nginx-file\t{path}\t{b64encode(text.encode()).decode()}"


def test_the_host_itself_is_read() -> None:
    seen = parse(["uid\t0", "os\tubuntu", "os\tdebian", BOOTED, "python\t3.11"])
    assert (seen.uid, seen.system) == (0, "ubuntu")
    assert seen.family == {"ubuntu", "debian"}
    assert (seen.python, seen.uptime) == ("3.11", 100.25)


def test_a_kernel_without_ipv6_says_so() -> None:
    assert parse([BOOTED]).has_ipv6
    assert not parse([BOOTED, "without\tIPv6\t/"]).has_ipv6


def test_a_package_counts_once_it_is_installed() -> None:
    seen = parse(
        ["package\tnginx\tinstalled", "package\tsudo\tconfig-files", "package\tbash\tunpacked"]
    )
    assert seen.packages == {"nginx"}


def test_an_account_that_comes_from_elsewhere_is_told() -> None:
    assert not parse([BOOTED]).user_is_elsewhere
    assert parse([BOOTED, "without\taccount\tfoo"]).user_is_elsewhere


def test_who_has_the_place_of_debians_supervisord_is_told() -> None:
    assert parse([BOOTED]).at_supervisors_socket is None
    told = "supervisor-socket\tsupervisord (process 7)\tsupervisord.service"
    expected = ("supervisord (process 7)", "supervisord.service")
    assert parse([BOOTED, told]).at_supervisors_socket == expected


def test_a_supervisord_that_a_signal_has_stopped_is_told() -> None:
    assert not parse([BOOTED]).supervisor_is_stopped
    assert parse([BOOTED, "supervisor-stopped\t7"]).supervisor_is_stopped


def test_the_primary_group_is_not_an_extra_one() -> None:
    seen = parse(["group\tusers", "group\tsudo", "user\tusers\tusers sudo\t/home/foo\t/bin/bash"])
    assert seen.groups == {"users", "sudo"}
    assert seen.user == User("/home/foo", "/bin/bash", "users", frozenset({"sudo"}))


def test_times_count_from_the_hosts_boot() -> None:
    seen = parse([BOOTED, entry("/a"), "nginx\t870.25", "nginx\t880.25", "nginx\t800.25"])
    assert (seen.entries["/a"].changed, seen.entries["/a"].modified) == (10.0, 5.0)
    assert seen.nginx_changed == -20.0


@pytest.mark.parametrize(
    ("letter", "kind"), [("f", "file"), ("d", "directory"), ("l", "link"), ("p", "p"), ("s", "s")]
)
def test_a_path_is_of_its_kind(letter: str, kind: str) -> None:
    seen = parse([BOOTED, entry("/a", letter, "/b" if letter == "l" else "")])
    assert seen.entries["/a"] == Entry(
        kind, "644", "root", "users", 10.0, 5.0, "/b" if kind == "link" else ""
    )


def test_a_files_digest_is_its_own() -> None:
    seen = parse([entry("/a"), entry("/b c"), entry("/d", "d"), f"{SUM}  /a", f"{OTHER} */b c"])
    assert [seen.entries[path].sha256 for path in ("/a", "/b c", "/d")] == [SUM, OTHER, ""]


def test_only_a_file_has_a_digest() -> None:
    seen = parse([entry("/a", "l", "/b"), f"{SUM}  /a", nginx_file("/a", "server {}")])
    assert (seen.entries["/a"].sha256, seen.entries["/a"].masked_sha256) == ("", "")


def test_a_site_is_the_same_wherever_it_sends_visitors() -> None:
    def seen_with(address: str) -> Observation:
        text = f"location / {{ proxy_pass {address}; }}"
        return parse([entry("/a"), f"{SUM}  /a", "site\t/a", nginx_file("/a", text)])

    here, there = seen_with("http://127.0.0.1:8000"), seen_with("http://unix:/run/a.sock:/")
    assert here.entries["/a"].masked_sha256 == there.entries["/a"].masked_sha256 != ""
    assert here.proxied_to == "http://127.0.0.1:8000"
    assert there.proxied_to == "http://unix:/run/a.sock:/"


def test_the_site_that_serves_now_tells_where_visitors_are() -> None:
    files = [nginx_file("/old", "proxy_pass http://a;"), nginx_file("/new", "proxy_pass http://b;")]
    assert parse(["site\t/old", *files]).proxied_to == "http://a"
    assert parse(["site\t/none", *files]).proxied_to == parse(files).proxied_to == ""


def test_of_two_records_of_one_path_the_first_counts() -> None:
    seen = parse([entry("/a"), f"{SUM}  /a", entry("/a", "l", "/x"), f"{OTHER}  /a"])
    assert (seen.entries["/a"].kind, seen.entries["/a"].sha256) == ("file", SUM)


def test_a_unit_that_is_being_reloaded_runs() -> None:
    lines = [line.replace("ActiveState=active", "ActiveState=reloading") for line in UNITS]
    assert lines != UNITS
    assert parse(lines).units == parse(UNITS).units


def test_units_are_read_whatever_the_order_of_their_lines() -> None:
    assert parse(UNITS).units == {
        "nginx": Unit("loaded", "active", "enabled", 12, 2.5),
        "supervisor": Unit("not-found", "inactive", "", 0, 0.0),
    }


def test_a_process_has_its_command_and_what_it_says_it_runs() -> None:
    seen = parse(
        [
            "ticks\t100",
            "process\t30\t12\twww-data\t1234\tnginx: worker process\t",
            "process\t31\t13\tfoo\t50\t/venv/bin/python\t/venv/bin/gunicorn\t-w\t3\t",
            "variable\t31\tRELEASE_ID\tr1",
            "variable\t31\tRELEASE_ID\tr2",
            "variable\t99\tRELEASE_ID\tr3",
        ]
    )
    assert seen.processes == (
        Process(30, 12, "www-data", 12.34, ("nginx: worker process",)),
        Process(
            *(31, 13, "foo", 0.5),
            ("/venv/bin/python", "/venv/bin/gunicorn", "-w", "3"),
            {"RELEASE_ID": "r1"},
        ),
    )


def test_children_are_those_of_the_units_own_process() -> None:
    rows = ["process\t30\t12\twww-data\t1\tnginx: worker process", "process\t31\t1\troot\t1\tsh"]
    seen = parse([*UNITS, *rows])
    assert [process.pid for process in seen.children("nginx")] == [30]
    # Its main process is 0: it does not run, and so has no children.
    assert seen.children("supervisor") == []
    assert parse(["process\t30\t0\troot\t1\tkthreadd"]).children("nginx") == []


def test_nothing_is_read_from_nothing() -> None:
    seen = parse([])
    assert (seen.uid, seen.system, seen.user, seen.entries) == (-1, "", None, {})


# Of each kind, and there are many.
@settings(max_examples=25)
@pytest.mark.parametrize("kind", [*RECORDS, "strange", ""])
@given(rest=st.text(st.characters(exclude_characters="\n")))
def test_a_record_that_is_cut_short_or_malformed_is_passed_over(kind: str, rest: str) -> None:
    seen = parse([f"{kind}\t{rest}", kind, f"{kind}\t1\tboom\t"])
    assert seen.entries.keys() <= {rest.partition("\t")[0]}


@pytest.mark.parametrize(
    "line",
    ["entry\t/a\tf", "user\tusers", "variable\t1", "process\t1", "time\t1", "uid\t", "free"]
    + ["nginx", "text", "children\t1\tboom", "text\t/a\t%", "python\t3.11; rm", "strange\tx", ""],
)
def test_such_a_record_says_nothing(line: str) -> None:
    assert parse([line]) == parse([])


HOME = "/home/u"


def told(*fields: str, end: bool = True) -> str:
    """A home's own record, from what its user said."""
    said = "".join(f"{field}\0" for field in [*fields, *(["end"] if end else [])])
    return f"home\t{HOME}\t{b64encode(said.encode(errors='surrogateescape')).decode()}"


def in_home(path: str, target: str = "") -> list[str]:
    return ["entry", path, "l", "777", "u", "users", "910.25", "905.25", target]


def test_a_home_is_told_by_its_user() -> None:
    target = "releases/one\nuid\t1000\ttab"
    seen = parse([BOOTED, told(*in_home(f"{HOME}/u", target), "damaged", f"{HOME}/releases/x")])
    assert seen.entries[f"{HOME}/u"] == Entry(
        *("link", "777", "u", "users", 10.0, 5.0), target="releases/one?uid\t1000\ttab"
    )
    assert seen.damaged == {f"{HOME}/releases/x"}
    assert (seen.is_whole, seen.uid) == (True, -1)


def test_what_has_changed_is_told_as_a_terminal_may_show_it_and_in_no_endless_paths() -> None:
    release = f"{HOME}/releases/x"
    paths = ["source/debug.log", "source/\x1b[2Jall", "source" + 200 * "/a"]
    seen = parse([BOOTED, told(*(w for path in paths for w in ("changed", release, path)))])
    assert seen.changed == {release: ("source/debug.log", "source/?[2Jall")}
    assert seen.damaged == {release}


@pytest.mark.parametrize("path", ["/etc/a", "/home/u", "/home/user/x", ""])
def test_nothing_else_is_his_to_tell(path: str) -> None:
    roots = [entry("/etc/a"), f"{SUM}  /etc/a"]
    seen = parse([*roots, told(*in_home(path), f"{OTHER}  /etc/a", "damaged", path)])
    assert seen.entries == parse(roots).entries
    assert seen.damaged == frozenset()


@pytest.mark.parametrize(
    "line",
    [
        told(*in_home(f"{HOME}/u"), end=False),
        told("entry", f"{HOME}/u"),
        told("strange"),
        f"home\t{HOME}\t",
        f"home\t{HOME}\t%",
        "home",
    ],
)
def test_a_home_that_was_not_read_to_its_end_is_not_taken_for_empty(line: str) -> None:
    assert not parse([line]).is_whole


def test_a_home_that_is_not_there_holds_nothing() -> None:
    assert parse([f"home\t{HOME}\t-"]).is_whole


@given(st.binary(), st.lists(st.text(), max_size=12))
def test_whatever_the_user_says_becomes_nothing_else(said: bytes, fields: list[str]) -> None:
    roots = [BOOTED, "uid\t0", entry("/etc/a"), *UNITS]
    for encoded in (f"home\t{HOME}\t{b64encode(said).decode()}", told(*fields)):
        seen = parse([*roots, encoded])
        alone = parse(roots)
        assert replace(seen, entries={}, damaged=frozenset(), is_whole=False) == replace(
            alone, entries={}, is_whole=False
        )
        assert all(path in alone.entries or path.startswith(f"{HOME}/") for path in seen.entries)
