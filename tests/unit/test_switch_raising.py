"""When a release that does not answer is asked once more, for what its page raises."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from stack.onhost.switch import raising
from stack.onhost.switch.host import Host
from stack.onhost.switch.logs import TRACEBACK
from stack.onhost.switch.understudy import Understudy


@pytest.mark.parametrize(("after", "is_asked"), [(3, False), (300, True)])
def test_a_reason_that_what_was_logged_after_it_hides_is_asked_for(
    after: int, is_asked: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(raising, "tell", lambda *words: asked.append(words[2]))
    host = cast(Host, SimpleNamespace(user="shop", sockets=tmp_path, logs=tmp_path))
    understudy = Understudy(host, tmp_path)
    understudy.log.write_text("\n".join([TRACEBACK, "ValueError", *["a mail"] * after]))
    understudy._have_it_told()
    assert bool(asked) == is_asked
