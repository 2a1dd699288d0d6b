"""What runs inside a project's Django on a host, by `in_django.sh`.

Needs nothing but Django, and none of it is on the host: the text of it goes with the command. A
large project takes seconds to start, so one start answers all that is asked at that time.
"""

from pathlib import Path

LOAD = """
import sys, types
sys.modules["deployment"] = types.ModuleType("deployment")
for name, text in {texts!r}.items():
    module = sys.modules["deployment." + name] = types.ModuleType("deployment." + name)
    module.__package__ = "deployment"
    exec(compile(text, name + ".py", "exec"), module.__dict__)
module.main()
"""


def code(*names: str) -> str:
    """The text that loads modules of this folder, and runs the last one's `main`.

    Args:
        names: in the order in which they import each other.
    """
    folder = Path(__file__).parent
    return LOAD.format(texts={name: (folder / f"{name}.py").read_text("utf-8") for name in names})
