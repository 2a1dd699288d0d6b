"""HTTPS, on the hosts that visitors come to."""

from pyinfra.api import deploy

from stack.commands.files import Check
from stack.commands.tls import certificate_loads
from stack.operations import files, tls
from stack.project.target import Target
from stack.run.fits import tell_of_its_end
from stack.run.flags import is_set
from stack.state.certificates import still_leads


@deploy("HTTPS")
def begin(target: Target) -> None:
    """Have what Nginx needs to start with HTTPS, and to answer the CA."""
    if not target.files.https:
        return
    tell_of_its_end(target)
    names = " ".join(target.names)
    what = "Keep the certificate of" if target.settings.tls == "files" else "Be ready to certify"
    files.in_place(
        name=f"{what} {names}",
        target=target,
        files=lambda seen: [*target.files.https, *still_leads(seen, target)],
        check=Check(certificate_loads(target)) if target.settings.tls == "files" else None,
    )
    if target.is_certified:
        tls.begun(
            name="Have a certificate to begin with", target=target, without_end=is_set("certify")
        )


@deploy("HTTPS")
def certify(target: Target) -> None:
    """Have the CA certify the site's names, once they are served; or no longer."""
    if target.is_certified:
        tls.certified(
            name=f"Have {' '.join(target.names)} certified",
            target=target,
            without_end=is_set("certify"),
        )
    elif tls.left(target):
        tls.forgotten(name=f"Forget the certificate of {' '.join(target.names)}", target=target)
