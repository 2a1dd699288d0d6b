"""The driver of PostgreSQL, for a project whose database is whatever a URL says."""

from stack.looking.finding.deciding import entry_in
from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.distributions import OF_POSTGRESQL
from stack.looking.finding.found import Found
from stack.looking.finding.packages import NEEDS, NO_WHEEL
from stack.looking.reading.values import Names


def tell(needs: Dependencies, names: Names, found: Found) -> None:
    """Say at that URL which extra or group has the driver, where nothing else does."""
    value = names.get("DATABASES")
    if value is None or isinstance(entry_in(names).get("ENGINE"), str):
        return
    if not needs.are_known or {*needs.its} & {*OF_POSTGRESQL}:
        return
    having = [one for one, its in needs.others.items() if its & {*OF_POSTGRESQL}]
    if not having:
        return
    kind, name = min(having, key=lambda one: len(needs.others[one]))
    driver = next(one for one in OF_POSTGRESQL if one in needs.others[kind, name])
    need = NEEDS.get(driver)
    is_built = need is not None and need.why != NO_WHEEL
    packages = f', and "{need.packages[0]}" in extra_packages' if need and is_built else ""
    for variable in sorted(value.variables):
        if variable.endswith("_URL"):
            text = f'PostgreSQL needs "{name}" in {kind}, which has {driver}{packages}'
            found.say(f"env.{variable}", text)
