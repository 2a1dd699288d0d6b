"""What is read from hosts."""

from stack.facts.database_state import DatabaseScope, DatabaseState
from stack.facts.host_state import HostState, Scope

__all__ = ["DatabaseScope", "DatabaseState", "HostState", "Scope"]
