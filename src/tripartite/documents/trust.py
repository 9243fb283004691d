"""Whom an installation trusts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrustSettings:
    """Certificates and lists of revocation, as DER bytes. Empty: nobody is trusted."""

    anchors: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    own: tuple[bytes, ...] = ()
    """The platform's seal: an anchor that answers for itself alone."""
    unreadable: tuple[str, ...] = ()
    """Files of the folder that are neither: they bring no trust, and somebody should know."""
