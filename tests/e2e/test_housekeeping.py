"""Releases come and go, and a host stays as full and as fast as it was."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pytest

from stack.commands.release import remove
from stack.project.layout import Layout
from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at
from tests.e2e.load import LOAD
from tests.e2e.matrix import Record
from tests.e2e.test_threats import with_input
from tests.lab import Host

pytestmark = pytest.mark.e2e

HOME = "/home/fooproject"
RELEASES, VIRTUALENVS = f"{HOME}/releases", f"{HOME}/.virtualenvs"
STYLE = re.compile(r'href="(/static/guestbook/style[^"]*)"')
WRITTEN_TO = f"{HOME} /var/backups /tmp /usr/local /etc"
ANOTHER_VIRTUALENV = 5
"""Every so many releases need one."""
PACKAGES = ("idna<3.7", "idna<3.8")


@dataclass(frozen=True)
class Deployed:
    """What a host was like once a release was live."""

    release: str
    virtualenv: str
    style: str
    """The path of the page's style sheet, another one for each release."""
    kilobytes: int
    seconds: float
    """What the switch took, by its own log."""


def deploy(site: Controller, number: int) -> Deployed:
    """Deploy new code, with other dependencies now and then."""
    [web], project = site.hosts, site.project()
    sheet = project / "guestbook" / "static" / "guestbook" / "style.css"
    sheet.write_text(f"{sheet.read_text()}\n/* {number} */\n")
    package = PACKAGES[number // ANOTHER_VIRTUALENV % len(PACKAGES)]
    (project / "requirements.txt").write_text(f"Django==5.2.*\n{package}\n")
    site.apply()
    return look(web)


def look(web: Host) -> Deployed:
    [style] = STYLE.findall(get(web).text)
    log = web.enter("tail -n 1 /var/log/fooproject/releases.log").stdout
    return Deployed(
        release_at(web),
        web.enter(f"readlink -f {HOME}/fooproject/virtualenv").stdout.strip(),
        style,
        int(web.enter(f"du -skc {WRITTEN_TO} | tail -n 1 | cut -f 1").stdout),
        json.loads(log)["seconds"],
    )


def names(web: Host, folder: str, kind: str = "d") -> set[str]:
    found = web.enter(f"find {folder} -mindepth 1 -maxdepth 1 -type {kind} -printf '%f\\n'")
    return set(found.stdout.split())


def grown(values: Sequence[float]) -> float:
    """How much more the last third is than the first, as a ratio."""
    third = len(values) // 3
    return median(values[-third:]) / median(values[:third])


@pytest.mark.matrix
@pytest.mark.parametrize(("number", "most"), [(6, 3.0), (50, 2.0)])
def test_many_releases_take_no_more_room_and_time_than_a_few(
    web: Host, site: Controller, number: int, most: float, record_property: Record
) -> None:
    keep = 3
    site.data["keep_releases"] = keep
    served = [look(web)]
    for count in range(1, number + 1):
        served.append(deploy(site, count))
        kept, gone = served[-keep:], served[:-keep]
        # Which has the live one, and the one before it.
        assert names(web, RELEASES) == {one.release for one in kept}
        assert {f"{VIRTUALENVS}/{name}" for name in names(web, VIRTUALENVS)} == {
            one.virtualenv for one in kept
        }
        assert [get(web, one.style).status for one in kept] == [200] * len(kept)
        # When a release is built, the eldest of those that were kept so far is still there.
        assert {get(web, one.style).status for one in gone[:-1]} <= {404}
    assert len({one.release for one in served}) == number + 1
    assert len({one.virtualenv for one in served}) > 1
    room = grown([one.kilobytes for one in served[1:]])
    time = grown([one.seconds for one in served[1:]])
    record_property(
        LOAD,
        f"{number} releases, {keep} kept: from the first third to the last, room x {room:.2f} "
        f"({served[-1].kilobytes / 1024:.0f} MB), time of a switch x {time:.2f} "
        f"({served[-1].seconds} s)",
    )
    assert room < most
    assert time < most
    assert site.plan() == []


@pytest.mark.matrix
def test_the_live_release_and_the_one_before_it_stay_whatever_is_to_be_kept(
    web: Host, site: Controller
) -> None:
    site.data["keep_releases"] = 1
    served = [look(web), *(deploy(site, count) for count in (1, 2))]
    assert names(web, RELEASES) == {one.release for one in served[1:]}
    site.pyinfra("rollback.py", "-y")
    assert release_at(web) == served[1].release
    assert names(web, RELEASES) == {one.release for one in served[1:]}
    # Pages of the release that was gone back from are still open in browsers.
    assert get(web, served[2].style).status == 200


@pytest.mark.parametrize(
    ("folder", "old"), [(RELEASES, "0123456789ab-01234567"), (VIRTUALENVS, ".0123456789ab-3.11")]
)
def test_root_clears_away_nothing_through_a_symlink_of_the_users(
    web: Host, folder: str, old: str
) -> None:
    """The command by itself: a plan has other things to put right on such a host first."""
    [command] = remove(Layout("fooproject"), [f"{folder}/{old}"])
    web.enter(f"mkdir -p /srv/precious/{old}/data {folder}/{old}/data")
    # On an overlay mv copies: nobody may write there meanwhile.
    web.enter("supervisorctl stop all")
    web.enter(f"mv {folder} {folder}.his && ln -s /srv/precious {folder}")
    web.enter(f"chown -h fooproject {folder}")
    refused = web.enter(with_input(command), check=False)
    assert refused.returncode == 1
    assert f"{folder} is not a folder of its own" in refused.stderr
    web.enter(f"ls -d /srv/precious/{old}/data")
    web.enter(f"rm {folder} && mv {folder}.his {folder}")
    web.enter(with_input(command))
    assert old not in names(web, folder)
