"""A passkey made of nothing but a key: what a browser would answer, right or wrong in one respect."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

PRESENT, VERIFIED, NEW = 1, 4, 64


@dataclass
class Authenticator:
    """One passkey: its identifier, its key, and how many times it says to have signed."""

    identifier: bytes = b"une cle d'essai"
    count: int = 0
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: str, origin: str) -> str:
        """The answer to `ask_new`."""
        asked = json.loads(options)
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        credential = bytes(16) + len(self.identifier).to_bytes(2, "big") + self.identifier + public
        data = self._data(asked["rp"]["id"], PRESENT | VERIFIED | NEW) + credential
        said = {
            "clientDataJSON": self._client("webauthn.create", asked["challenge"], origin),
            "attestationObject": websafe_encode(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(said)

    def signed(
        self, options: str, origin: str, *, host: str = "", flags: int = PRESENT | VERIFIED, handle: bytes = b""
    ) -> str:
        """The answer to `ask_known`."""
        asked = json.loads(options)
        data = self._data(host or asked["rpId"], flags)
        client = self._client("webauthn.get", asked["challenge"], origin)
        raw = json.dumps(json.loads(self._plain), separators=(",", ":")).encode()
        signature = self.key.sign(data + sha256(raw).digest(), ec.ECDSA(SHA256()))
        said = {
            "clientDataJSON": client,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
        }
        return self._answer(said | ({"userHandle": websafe_encode(handle)} if handle else {}))

    def _client(self, kind: str, challenge: str, origin: str) -> str:
        self._plain = json.dumps({"type": kind, "challenge": challenge, "origin": origin}, separators=(",", ":"))
        return websafe_encode(self._plain.encode())

    def _data(self, host: str, flags: int) -> bytes:
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _answer(self, said: dict[str, str]) -> str:
        identifier = websafe_encode(self.identifier)
        return json.dumps({"id": identifier, "rawId": identifier, "type": "public-key", "response": said})
