"""Passkeys (WebAuthn): what a browser is asked, and whether what it answers is right; no database.

The ceremony is that of fido2, kept by who makes such keys. Its state (the challenge) waits in the session between the
question and the answer, and serves once.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MOST = 20_000
"""How long an answer may be; an ordinary one has one or two thousand characters."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a passkey is good: the host, without its port, and the origin that the browser must say."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked, as JSON, and the state that its answer is judged by."""

    options: str
    state: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answered:
    """A right answer: which passkey, its public half, and how many times it says to have signed."""

    credential_id: str
    credential: str
    sign_count: int


def ask_new(site: Site, *, account_id: int, email: str, name: str, known: Sequence[str]) -> Question:
    """Ask for a new passkey of an account; `known`, the public halves that it has, are not made twice."""
    from fido2.webauthn import (  # noqa: PLC0415 - asked for by few pages
        PublicKeyCredentialUserEntity,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    user = PublicKeyCredentialUserEntity(id=handle_of(account_id), name=email, display_name=name)
    options, state = _server(site).register_begin(
        user,
        [_read(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


def check_new(site: Site, state: dict[str, Any], answer: str) -> Answered | None:
    """The new passkey that the browser answers; None when the answer is not right."""
    try:
        found = _server(site).register_complete(state, _object(answer))
    except Exception:  # noqa: BLE001 - what a browser sends may be wrong in any way
        return None
    if found.credential_data is None:
        return None
    public = bytes(found.credential_data)
    return Answered(_text(found.credential_data.credential_id), _text(public), found.counter)


def ask_known(site: Site, known: Sequence[str], *, alone: bool) -> Question:
    """Ask for one of the passkeys whose public halves are `known`; `alone`, for any passkey of the site, which then
    stands for the password too: its owner must be verified, by a PIN or a finger."""
    from fido2.webauthn import UserVerificationRequirement  # noqa: PLC0415

    wanted = UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED
    options, state = _server(site).authenticate_begin(
        None if alone else [_read(one) for one in known], user_verification=wanted
    )
    return Question(json.dumps(dict(options)["publicKey"]), state)


def check_known(site: Site, state: dict[str, Any], answer: str, credential: str, *, account_id: int) -> int | None:
    """How many times the passkey of that public half says to have signed, once it has signed the challenge for that
    account; None when the answer is not right."""
    from fido2.webauthn import AuthenticationResponse  # noqa: PLC0415

    try:
        said = AuthenticationResponse.from_dict(_object(answer))
        _server(site).authenticate_complete(state, [_read(credential)], said)
    except Exception:  # noqa: BLE001 - what a browser sends may be wrong in any way
        return None
    if said.response.user_handle not in (None, b"", handle_of(account_id)):
        return None
    return int(said.response.authenticator_data.counter)


def credential_named(answer: str) -> str:
    """Which passkey the answer says to be of; empty when it says none."""
    try:
        named = _object(answer).get("rawId", "")
    except (ValueError, RecursionError):
        return ""
    return named if isinstance(named, str) else ""


def handle_of(account_id: int) -> bytes:
    """What a passkey keeps of whose it is: no name, and the same for all the passkeys of an account."""
    return sha256(f"tripartite.accounts.passkey {account_id}".encode()).digest()


def _server(site: Site) -> Any:
    from fido2.server import Fido2Server  # noqa: PLC0415
    from fido2.webauthn import PublicKeyCredentialRpEntity  # noqa: PLC0415

    owner = PublicKeyCredentialRpEntity(id=site.host, name="Tripartite")
    return Fido2Server(owner, verify_origin=lambda said: said == site.origin)


def _object(answer: str) -> dict[str, Any]:
    found = json.loads(answer) if len(answer) <= MOST else None
    return found if isinstance(found, dict) else {}


def _read(credential: str) -> Any:
    from fido2.webauthn import AttestedCredentialData  # noqa: PLC0415

    return AttestedCredentialData(urlsafe_b64decode(credential + "=" * (-len(credential) % 4)))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
