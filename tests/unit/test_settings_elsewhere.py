"""What programs that read the settings elsewhere would stumble over is refused here."""

import pytest

from tests.unit.test_settings import loaded, problems


@pytest.mark.parametrize(
    "name",
    ["Content-Length", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive"]
    + ["Trailer", "TE", "Upgrade", "Content-Encoding", "Content-Type", "Date", "Server"]
    + ["Location", "ETag", "Last-Modified", "X-Accel-Redirect"],
)
def test_what_is_of_one_answer_is_no_header_of_all(name: str) -> None:
    assert problems(response_headers={name: "5"}) == [
        f'response_headers["{name}"]: is for Nginx and the app to say, of each answer by itself; '
        "expected another header"
    ]


@pytest.mark.parametrize(
    "name", ["Cache-Control", "Set-Cookie", "Vary", "Strict-Transport-Security"]
)
def test_what_may_be_in_all_answers_is_a_header(name: str) -> None:
    assert name in loaded(response_headers={name: "x"}).response_headers
