"""What is read from hosts."""

from stack.facts.host_state import HostState, Scope

__all__ = ["HostState", "Scope"]
