"""Codes that change every thirty seconds (TOTP, RFC 6238), as any application of codes makes them; no database.

The secret has 160 bits. In a row or a session it is sealed with the secret key of the installation: whoever has the
base alone makes no code.
"""

import secrets
from base64 import b32encode, urlsafe_b64encode
from datetime import datetime

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

STEP = 30
"""Seconds that a code lasts."""
DRIFT = 1
"""How many steps early or late a telephone's clock may be."""
FIGURES = 6


def new_secret() -> bytes:
    """The secret of an application to come."""
    return secrets.token_bytes(20)


def seal(secret: bytes) -> str:
    """The secret, unreadable without the secret key of the installation."""
    from cryptography.fernet import Fernet  # noqa: PLC0415 - asked for by few pages

    return Fernet(_key(settings.SECRET_KEY)).encrypt(secret).decode()


def unseal(sealed: str) -> bytes | None:
    """The secret that was sealed; None when neither the secret key nor a former one (SECRET_KEY_FALLBACKS) opens it."""
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet  # noqa: PLC0415

    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    try:
        return MultiFernet([Fernet(_key(key)) for key in keys]).decrypt(sealed)
    except InvalidToken:
        return None


def code_at(secret: bytes, step: int) -> str:
    """The code of one step: how many times STEP seconds since 1970."""
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415
    from cryptography.hazmat.primitives.twofactor.totp import TOTP  # noqa: PLC0415

    # SHA-1 is what every application speaks; HMAC does not need collisions to be hard.
    return TOTP(secret, FIGURES, SHA1(), STEP).generate(step * STEP).decode()  # noqa: S303


def right_step(secret: bytes, code: str, *, at: datetime, after: int) -> int | None:
    """The step whose code was typed, later than the step `after` that came in last; None for a wrong or used code."""
    now = int(at.timestamp()) // STEP
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        if constant_time_compare(code_at(secret, step), code) and step > after:
            found = step
    return found


def words_of(secret: bytes) -> str:
    """The secret as it is typed where no camera reads it: groups of four letters and figures."""
    text = b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def picture_of(secret: bytes, email: str) -> str:
    """The QR code that an application reads, as the address of an image (data:)."""
    import segno  # noqa: PLC0415 - one page shows one
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415
    from cryptography.hazmat.primitives.twofactor.totp import TOTP  # noqa: PLC0415

    address = TOTP(secret, FIGURES, SHA1(), STEP).get_provisioning_uri(email, "Tripartite")  # noqa: S303
    return str(segno.make(address, error="m", micro=False).svg_data_uri(scale=4, light="#fff"))


def _key(secret_key: str | bytes) -> bytes:
    return urlsafe_b64encode(salted_hmac("tripartite.accounts.totp", "", secret_key, algorithm="sha256").digest())
