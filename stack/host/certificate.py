"""A certificate: what a PEM file says of the names that it is for, and for how long."""

# cryptography is imported where a certificate is read: most plans read none, and it takes 30 ms.
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

WARN_DAYS = 21
DAY = 86400.0


@dataclass(frozen=True)
class Certificate:
    """The first of a PEM file's."""

    names: frozenset[str]
    """The DNS names that it is for."""
    starts: float
    """In seconds since the epoch."""
    ends: float

    @property
    def day(self) -> str:
        """When it expires, in UTC."""
        return f"{datetime.fromtimestamp(self.ends, UTC):%Y-%m-%d %H:%M} UTC"

    def days_left(self, now: float) -> float:
        """Until it expires; negative afterwards."""
        return (self.ends - now) / DAY

    def renews_days_before(self) -> int:
        """How many days before its end it is renewed: a third of its life, as certbot does."""
        return max(1, int((self.ends - self.starts) // DAY // 3))

    def is_late(self, now: float) -> bool:
        """Whether certbot is late: half of the time for renewing it is over."""
        return self.days_left(now) < self.renews_days_before() / 2

    def is_worth_a_warning(self, now: float) -> bool:
        """Whether a person is to be told when it ends."""
        return self.days_left(now) < min(WARN_DAYS, self.renews_days_before() * 0.7)


def certificate_in(text: str) -> Certificate | None:
    """The first certificate of a PEM file; None where there is none."""
    if not text:
        return None
    from cryptography import x509

    try:
        first = x509.load_pem_x509_certificates(text.encode())[0]
    except ValueError:
        return None
    return Certificate(
        _names_in(first),
        first.not_valid_before_utc.timestamp(),
        first.not_valid_after_utc.timestamp(),
    )


def belongs_to(key: str, text: str) -> bool:
    """Whether a private key is that of the first certificate of a PEM file.

    Raises:
        ValueError: the key is not a PEM private key, or has a password.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_private_key,
    )

    try:
        public = load_pem_private_key(key.encode(), password=None).public_key()
    except TypeError as error:
        raise ValueError(f"{error}") from None
    certified = x509.load_pem_x509_certificate(text.encode()).public_key()
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return certified.public_bytes(*form) == public.public_bytes(*form)


def _names_in(certificate: "x509.Certificate") -> frozenset[str]:
    from cryptography import x509

    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(name.lower() for name in found.value.get_values_for_type(x509.DNSName))
