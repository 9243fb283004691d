"""From a signer's certificate to somebody whom this installation trusts, at an instant."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule

from tripartite.documents.reports import Chain
from tripartite.documents.trust import TrustSettings

FETCH_SECONDS = 20
UNCHECKED = RevocationCheckingPolicy(RevocationCheckingRule.NO_CHECK, RevocationCheckingRule.NO_CHECK)
SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"})
STAMPING = KeyUsageConstraints(extd_key_usage={"time_stamping"})
REQUIRED, DECLARED = RevocationCheckingRule.CRL_OR_OCSP_REQUIRED, RevocationCheckingRule.CHECK_IF_DECLARED
CHECKS = tuple(
    RevocationCheckingPolicy(*rules) for rules in ((REQUIRED, REQUIRED), (REQUIRED, DECLARED), (DECLARED, DECLARED))
)
"""The strictest first: a list of revocation in hand counts, even for a certificate that names none."""


OUTCOMES: tuple[tuple[type[Exception], Chain], ...] = (
    (RevokedError, Chain.REVOKED),
    (InsufficientRevinfoError, Chain.REVOCATION_UNREACHABLE),
    (TimeoutError, Chain.REVOCATION_UNREACHABLE),
    (ExpiredError, Chain.EXPIRED),
    (NotYetValidError, Chain.NOT_YET_VALID),
    (Exception, Chain.UNTRUSTED),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What came with the signatures: certificates, lists of revocation, answers of their authorities."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()


def assess_chain(
    certificate: x509.Certificate,
    evidence: Evidence,
    *,
    trust: TrustSettings,
    moment: datetime,
    fetch: bool,
    stamping: bool = False,
) -> Chain:
    """The worth of a certificate at `moment`.

    With `fetch`, lists of revocation are asked for over the network, at addresses that stand in the certificates, and
    only once the chain leads to somebody trusted: a stranger's file sends us nowhere.
    """
    if certificate.dump() in trust.own:
        return _within_dates(certificate, moment)
    try:
        (STAMPING if stamping else SIGNING).validate(certificate)
    except ValidationError:
        return Chain.UNTRUSTED
    return asyncio.run(_assess(certificate, evidence, trust, moment, fetch=fetch))


def _within_dates(certificate: x509.Certificate, moment: datetime) -> Chain:
    if moment > certificate.not_valid_after:
        return Chain.EXPIRED
    return Chain.NOT_YET_VALID if moment < certificate.not_valid_before else Chain.TRUSTED


async def _assess(
    certificate: x509.Certificate, evidence: Evidence, trust: TrustSettings, moment: datetime, *, fetch: bool
) -> Chain:
    anchored = await _outcome(certificate, evidence, context(trust, evidence, moment, UNCHECKED))
    if anchored is not Chain.TRUSTED or certificate.dump() in trust.anchors:
        return anchored if anchored is not Chain.TRUSTED else _within_dates(certificate, moment)
    outcome = Chain.REVOCATION_UNREACHABLE
    for check in CHECKS:
        outcome = await _outcome(certificate, evidence, context(trust, evidence, moment, check, fetch=fetch))
        if outcome is not Chain.REVOCATION_UNREACHABLE:
            break
    return outcome


async def _outcome(certificate: x509.Certificate, evidence: Evidence, within: ValidationContext) -> Chain:
    validator = CertificateValidator(certificate, evidence.certificates, within)
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            await validator.async_validate_path()
    except (ValidationError, PathError, TimeoutError) as error:
        return next(chain for kind, chain in OUTCOMES if isinstance(error, kind))
    finally:
        await within.aclose()  # type: ignore[no-untyped-call]
    return Chain.TRUSTED


def context(
    trust: TrustSettings,
    evidence: Evidence,
    moment: datetime,
    check: RevocationCheckingPolicy = UNCHECKED,
    *,
    fetch: bool = False,
) -> ValidationContext:
    """Whom to trust, at which instant, with what in hand. Our own seal is no authority: it is not among them."""
    lists: Iterable[crl.CertificateList] = (*evidence.crls, *map(crl.CertificateList.load, trust.crls))
    return ValidationContext(
        trust_roots=[x509.Certificate.load(der) for der in trust.anchors],
        other_certs=[*evidence.certificates, *map(x509.Certificate.load, trust.intermediates)],
        moment=moment,
        allow_fetching=fetch,
        crls=list(lists),
        ocsps=list(evidence.ocsps),
        revinfo_policy=CertRevTrustPolicy(check, retroactive_revinfo=True),
    )
