"""docs/threats.md has every row that there is a test for, and no other."""

from tests.e2e import threats


def test_the_page_has_the_rows_of_the_tests() -> None:
    assert threats.PAGE.read_text() == threats.page(threats.rows())


def test_every_row_names_an_attacker_of_the_page() -> None:
    assert {row.attacker for row in threats.rows()} <= set(threats.ATTACKERS)
