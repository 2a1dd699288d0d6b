"""Files for HTTPS, but for the certificates that a CA gives."""

from functools import cached_property

from stack.host.files import Declared, Directory, File, Link
from stack.project.described import Described


class HttpsFiles(Described):
    """Those of a host that visitors come to."""

    @cached_property
    def certificate(self) -> list[Declared]:
        """What Nginx reads of the settings' certificate."""
        return self.https if self.settings.tls == "files" else []

    @cached_property
    def https(self) -> list[Declared]:
        """The settings' certificate, or what certbot needs to get one and to renew it."""
        settings, folder = self.settings, self.layout.certificates
        if settings.tls == "off" or not self.is_public:
            return []
        if settings.tls == "files":
            return [
                Directory(str(folder)),
                Directory(str(folder / "files"), "700"),
                *(
                    File(str(folder / "files" / name), pem, "600", secret=True)
                    for name, pem in (
                        ("fullchain.pem", settings.tls_certificate),
                        ("privkey.pem", settings.tls_key),
                    )
                ),
                Link(str(folder / "current"), "files"),
            ]
        hook = str(self.layout.renewal_hook)
        return [
            Directory(str(folder)),
            Directory(str(self.layout.challenges)),
            File(
                str(self.layout.challenge_lines),
                self._render("etc/nginx/snippets/PROJECT-acme.conf"),
            ),
            File(hook, self._render("etc/letsencrypt/renewal-hooks/deploy/PROJECT"), "755"),
        ]
