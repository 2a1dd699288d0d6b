"""PostgreSQL's verifiers: what it keeps of a password, and can check it by (RFC 5802)."""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode

ITERATIONS = 4096
"""PostgreSQL's own number."""


def new_verifier(password: str) -> str:
    """A verifier of a password of printable ASCII, another one each time."""
    return verifier(password, os.urandom(16), ITERATIONS)


def verifier(password: str, salt: bytes, iterations: int) -> str:
    """The verifier of a password with that salt, as pg_authid.rolpassword holds it."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    head = f"SCRAM-SHA-256${iterations}:{_text(salt)}"
    return f"{head}${_text(stored)}:{_text(server)}"


def digest(text: str) -> str:
    """What a host may tell of a verifier: enough to compare it, too little to log in with."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_of(password: str, head: str, told: str) -> bool:
    """Whether a password belongs to a verifier that a host has told about.

    Args:
        head: the part `4096:SALT` of it; anything else is no verifier.
        told: its digest.
    """
    iterations, _, salt = head.partition(":")
    if not iterations.isdecimal() or int(iterations) < ITERATIONS:
        return False
    return digest(verifier(password, b64decode(salt), int(iterations))) == told


def _text(value: bytes) -> str:
    return b64encode(value).decode()
