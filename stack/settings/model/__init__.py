"""The settings: name, type, default, help text and check of each, in one place."""

from pathlib import PurePosixPath

from stack.settings.model.deployed import ReleaseSettings
from stack.settings.model.hosts import HostSettings
from stack.settings.model.running import AppSettings
from stack.settings.model.served import SiteSettings


# The settings of the last one come first, in the table as well: so pydantic has it.
class Settings(HostSettings, SiteSettings, AppSettings, ReleaseSettings, frozen=True):
    """What one host is to be."""

    @property
    def outliving(self) -> tuple[str, ...]:
        """The paths, relative to `src`, that outlive releases: `shared`, and the uploads."""
        media = PurePosixPath(self.media_root)
        around = {str(one) for one in (media, *media.parents)}
        return (
            *self.shared,
            *([str(media)] if self.media_root and not around & {*self.shared} else []),
        )
