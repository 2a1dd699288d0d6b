"""Which Python."""

import pytest

from tests.unit.looking.shop import APP, PYPROJECT, Look, moved


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("django==6.0", "3.13"),
        ("django>=4.2", ""),
        ("django~=5.2.1", ""),
        ("django", ""),
        # Django's FAQ has a newest Python for each.
        ("django==3.2.25", "3.10"),
        ("django<4", "3.10"),
        ("django==4.2.*", "3.11"),
        ("django~=4.1", "3.11"),
        ("django<=4.1.3", "3.11"),
        ("django==5.1.4", "3.13"),
        ("django==2.2.28", "3.9"),
    ],
)
def test_pythons(seen: Look, line: str, said: str) -> None:
    its = seen({"requirements.txt": f"{line}\n"})
    assert its.names.get("python", "") == said
    assert ("its Django runs on" in its.text) == bool(said)
    its.loads()


@pytest.mark.parametrize(
    ("text", "chosen", "said"),
    [
        ("[project]\nrequires-python = '>=3.12'\n", "3.13", "requires-python is >=3.12, and"),
        (
            "[project]\nrequires-python = '<3.13'\n",
            "3.11",
            "with Debian 12 or Ubuntu 24.04 alone, leave",
        ),
        ("[project]\nrequires-python = '>=3.11.4'\n", "3.13", "Debian 12 has 3.11.2"),
        (
            "[project]\nrequires-python = '>=3.11,<3.14'\n",
            "3.13",
            "Debian 12, Debian 13 or Ubuntu 24.04",
        ),
        ("[project]\nrequires-python = '~=3.12.0'\n", "3.12", "with Ubuntu 24.04 alone, leave it"),
        ("[project]\nrequires-python = '==3.11.2'\n", "", "it is for servers"),
        ("[tool.poetry.dependencies]\npython = '~3.11'\n", "3.11", "is >=3.11,<3.12, and"),
        ("[tool.poetry.dependencies]\npython = '^3.9'\n", "", ""),
        ("[tool.poetry.dependencies]\npython = '*'\n", "", ""),
        ("[project]\nrequires-python = 3\n", "", ""),
    ],
)
def test_a_pyproject_says_it_whatever_lists_the_requirements(
    seen: Look, text: str, chosen: str, said: str
) -> None:
    files = {"requirements/production.txt": "django\n", "requirements.txt": None}
    its = seen({**files, "pyproject.toml": text})
    assert its.names.get("python", "") == chosen
    assert said in its.text.replace("\n# ", " ")
    above = seen({**moved(APP, "site"), "pyproject.toml": text})
    assert above.names.get("python", "") == chosen


def test_a_python_that_suits_both_the_project_and_its_django(seen: Look) -> None:
    files = {"requirements.txt": "django==4.2.*\n"}
    its = seen({**files, "pyproject.toml": "[project]\nrequires-python = '>=3.12'\n"})
    assert its.names["python"] == "3.12"
    # Where there is none, the project knows better.
    text = "[project]\nrequires-python = '>=3.11'\n"
    its = seen({"requirements.txt": "django==3.2.25\n", "pyproject.toml": text})
    assert "python" not in its.names
    assert its.wrong == ""


def test_a_python_that_no_debian_has(seen: Look) -> None:
    text = PYPROJECT.replace(">=3.13", ">=3.14")
    its = seen({"requirements.txt": None, "pyproject.toml": text})
    assert its.names["python"] == "3.14"
    assert its.wrong == ""
    none = seen({"requirements.txt": None, "pyproject.toml": text.replace("3.14", "4.0")})
    assert "requires-python is >=4.0" in none.wrong
