"""Tells a person who runs pyinfra in another folder where to run it.

pyinfra finds modules, and `config.py`, in the folder that it runs in: from anywhere else nothing of
this project is found, which a traceback would say. So bin/setup puts this module beside the
libraries, and Python imports it as it starts (by a .pth file, see "site" in its documentation).
"""

import os
import sys

OURS = ("stack", "tasks")


class Elsewhere:
    """Is asked for what nothing else has found."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Refuse a run that does not find this project.

        Raises:
            PyinfraError: pyinfra runs in another folder.
        """
        if name in OURS and "pyinfra" in sys.modules:
            from pyinfra.api.exceptions import PyinfraError

            clone = os.path.dirname(sys.prefix)
            raise PyinfraError(
                f"pyinfra does not run in {clone}, where config.py and the modules are: run it "
                f"there, or add --chdir {clone} and give the inventory's full path"
            )


sys.meta_path.append(Elsewhere)
