"""Two projects that come to a server at the same moment: none takes what the other has."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

NAMES = ("alpha", "beta")
SECONDS = 240


@pytest.fixture(scope="module")
def server(lab: Lab) -> Iterator[Host]:
    host = lab.host("at-once")
    yield host
    host.power_off()


@pytest.fixture
def host(server: Host) -> Host:
    server.reset()
    return server


@pytest.fixture
def two(host: Host, lab: Lab, tmp_path: Path) -> list[Controller]:
    """Who deploys the one, and who the other."""
    controllers = []
    for name in NAMES:
        (tmp_path / name).mkdir()
        controller = Controller(tmp_path / name, lab, [host])
        controller.data |= {"project": name, "wsgi": "fooproject.wsgi", "program": "django"}
        names = f"{name}.example"
        controller.data |= {"server_name": names}
        controller.data |= {"env": {"SECRET_KEY": name, "ALLOWED_HOSTS": names}}
        controllers.append(controller)
    return controllers


def at_once(two: list[Controller]) -> list[tuple[int, str]]:
    """The exit codes of two runs that begin together, and what they have said."""
    runs = [one.start() for one in two]
    told = [run.communicate(timeout=SECONDS)[0] for run in runs]
    return [(run.returncode, said) for run, said in zip(runs, told, strict=True)]


def test_one_is_refused_what_the_other_takes(host: Host, two: list[Controller]) -> None:
    done = at_once(two)
    assert sorted(code for code, _ in done) == [0, 1], "\n".join(said for _, said in done)
    (won,) = (number for number, (code, _) in enumerate(done) if code == 0)
    refused = done[1 - won][1]
    if "Another project was deployed to this host at the same moment" not in refused:
        assert f'bind = "127.0.0.1:8000" belongs to {NAMES[won]} on this host' in refused
        assert f"{NAMES[won]} is the default site on this host" in refused
    assert "Traceback" not in refused
    assert get(host, "/health", Host=f"{NAMES[won]}.example").status == 200
    assert two[won].plan() == []
    again = two[1 - won].apply(check=False)
    assert f'bind = "127.0.0.1:8000" belongs to {NAMES[won]} on this host' in again.output


def test_each_has_its_own(host: Host, two: list[Controller]) -> None:
    two[1].data |= {"program": "other", "bind": "127.0.0.1:8001", "default_server": False}
    done = at_once(two)
    for number, (code, said) in enumerate(done):
        if "Another project was deployed to this host at the same moment" in said:
            assert code == 1
            two[number].apply()
        else:
            assert code == 0, said[-3000:]
    for name, one in zip(NAMES, two, strict=True):
        assert get(host, "/health", Host=f"{name}.example").status == 200
        assert one.plan() == []
    socket = host.enter("stat -c '%a %U' /run/supervisor.sock").stdout.split()
    assert socket == ["700", "root"]


def test_a_plan_that_was_read_for_long_takes_nothing_from_who_has_come_since(
    host: Host, two: list[Controller]
) -> None:
    first, second = two
    with first.at_its_prompt() as waiting:
        second.apply()
        said, _ = waiting.communicate("\n", timeout=SECONDS)
    assert waiting.returncode == 1
    assert 'bind = "127.0.0.1:8000" belongs to beta on this host' in said
    assert get(host, "/health", Host="beta.example").status == 200
    assert host.enter("id alpha", check=False).returncode != 0
    assert second.plan() == []
