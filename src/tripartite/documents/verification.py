"""What the signatures of a PDF are worth, in words. Nothing is written, and nothing is trusted unsaid."""

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from asn1crypto import core, crl, ocsp, x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)

from tripartite.documents.chain import Evidence, assess_chain, context
from tripartite.documents.envelopes import is_plain, whole_message
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.holder_reading import holder_in
from tripartite.documents.holders import Holder
from tripartite.documents.reading import BoundedReader, opened_pdf
from tripartite.documents.reports import (
    Chain,
    Coverage,
    Integrity,
    Kind,
    Level,
    SignatureReport,
    Verdict,
    Verification,
    harmless,
)
from tripartite.documents.seal_key import holder_of, is_trial, organisation_of, serial_of
from tripartite.documents.trust import TrustSettings

PARIS = ZoneInfo("Europe/Paris")
SIGNATURES = 30
TOO_MANY = f"Ce PDF porte plus de {SIGNATURES} signatures."
HEX = re.compile(rb"<(?:(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+)>")
SIGNED_AND_APPENDED = 3
TOO_WEAK = {AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE, AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE}


def verify_pdf(pdf: bytes, *, trust: TrustSettings, at: datetime, fetch_revocation: bool) -> Verification:
    """The signatures of a file, in the order in which they were made, judged at the aware instant `at`.

    A signature with a trusted timestamp is judged at that earlier instant. `fetch_revocation` asks the authorities'
    servers, over the network: never for a file that a stranger sends through a page.
    Raises UnreadablePdf when the file cannot be verified at all.
    """
    with opened_pdf(pdf) as reader:
        readable, unreadable = _signatures(reader)
        evidence = _evidence(reader, readable)
        case = _Case(pdf, reader, trust, evidence, at, fetch_revocation)
        stamps = {one.fq_name: _stamp(case, one) for one in readable if _is_stamp(one)}
        proofs = [
            (one.signed_revision, when)
            for one in readable
            if one.fq_name in stamps
            and stamps[one.fq_name].verdict is Verdict.VALID
            and (when := stamps[one.fq_name].stamped_at)
        ]
        reports = [
            stamps.get(one.fq_name)
            or _signature(case, one, [when for revision, when in proofs if revision >= one.signed_revision])
            for one in readable
        ]
        return Verification((*reports, *(SignatureReport(field=name) for name in unreadable)))


def signatures_count(pdf: bytes) -> int:
    """How many signatures a file bears, worth something or not. Raises UnreadablePdf when it cannot be read."""
    with opened_pdf(pdf) as reader:
        readable, unreadable = _signatures(reader)
        return len(readable) + len(unreadable)


def extends(revision: bytes, earlier: bytes) -> bool:
    """Whether a file is another one with something added at its end: not itself, and not one byte of it changed.

    It says nothing of what was added: see `only_signed_since`.
    """
    return len(revision) > len(earlier) and revision.startswith(earlier)


def only_signed_since(revision: bytes, earlier: bytes) -> bool:
    """Whether a file that extends another one adds signatures, and what proves them, and nothing else.

    Raises UnreadablePdf when it cannot be read.
    """
    if not extends(revision, earlier):
        return False
    with opened_pdf(earlier) as reader:
        kept = reader.total_revisions
    with opened_pdf(revision) as reader:
        if reader.total_revisions <= kept or reader.xrefs.get_startxref_for_revision(kept - 1) >= len(earlier):
            return False
        change = DEFAULT_DIFF_POLICY.review_file(reader, _with_a_form(reader.get_historical_resolver(kept - 1)))
        return isinstance(change, DiffResult) and change.modification_level <= ModificationLevel.FORM_FILLING


def _with_a_form(revision: HistoricalResolver) -> HistoricalResolver:
    """A revision as if its form were there, empty: a file's first signature brings it, which pyHanko cannot compare."""
    if "/AcroForm" not in revision.root:
        flags = generic.NumberObject(SIGNED_AND_APPENDED)  # type: ignore[no-untyped-call]
        empty = {generic.NameObject("/Fields"): generic.ArrayObject(), generic.NameObject("/SigFlags"): flags}
        revision.root["/AcroForm"] = generic.DictionaryObject(empty)  # type: ignore[no-untyped-call]
    return revision


@dataclass(frozen=True, slots=True)
class _Case:
    """What every signature of a file is judged with."""

    pdf: bytes
    reader: BoundedReader
    trust: TrustSettings
    evidence: Evidence
    at: datetime
    fetch: bool


def _signatures(reader: BoundedReader) -> tuple[list[EmbeddedPdfSignature], list[str]]:
    """The filled signature fields, in the order of signing, and the names of those that cannot be read."""
    readable: list[EmbeddedPdfSignature] = []
    unreadable: list[str] = []
    for name, _, field in enumerate_sig_fields(reader, filled_status=True):
        if len(readable) + len(unreadable) == SIGNATURES:
            raise UnreadablePdf(TOO_MANY)
        try:
            signature = EmbeddedPdfSignature(reader, field, name)
            signature.signer_cert.native  # noqa: B018 - reads it, so that a broken one is told now
            readable.append(signature)
        except UnreadablePdf:
            raise
        except Exception:  # noqa: BLE001 - hostile input; whatever the failure, the signature proves nothing
            unreadable.append(harmless(name))
    return sorted(readable, key=lambda one: one.signed_revision), unreadable


def _is_stamp(signature: EmbeddedPdfSignature) -> bool:
    return bool(signature.sig_object_type == "/DocTimeStamp")


def _signature(case: _Case, signature: EmbeddedPdfSignature, later: list[datetime]) -> SignatureReport:
    certificate = signature.signer_cert
    report = _signer(case, signature, certificate)
    status = _status(case, signature)
    if not isinstance(status, PdfSignatureStatus):
        return replace(report, integrity=Integrity.ALTERED)
    stamp = status.timestamp_validity
    times = [*later, *([stamp.timestamp] if stamp is not None and stamp.trusted else [])]
    stamped = min(times, default=None)
    moment = min(stamped, case.at) if stamped else case.at
    chain = assess_chain(certificate, case.evidence, trust=case.trust, moment=moment, fetch=case.fetch)
    return replace(
        report,
        reason=harmless(signature.sig_object.get("/Reason", "")),
        declared_at=_aware(status.signer_reported_dt),
        stamped_at=stamped,
        integrity=_integrity(case, signature, status),
        coverage=_coverage(case, signature, status),
        chain=chain,
        level=_level(case, signature, stamped, moment),
    )


def _stamp(case: _Case, signature: EmbeddedPdfSignature) -> SignatureReport:
    certificate = signature.signer_cert
    report = replace(_signer(case, signature, certificate), kind=Kind.TIMESTAMP)
    status = _status(case, signature)
    if not isinstance(status, DocumentTimestampStatus):
        return replace(report, integrity=Integrity.ALTERED)
    chain = assess_chain(certificate, case.evidence, trust=case.trust, moment=case.at, fetch=case.fetch, stamping=True)
    return replace(
        report,
        stamped_at=status.timestamp,
        integrity=_integrity(case, signature, status),
        coverage=_coverage(case, signature, status),
        chain=chain,
    )


def _signer(case: _Case, signature: EmbeddedPdfSignature, certificate: x509.Certificate) -> SignatureReport:
    return SignatureReport(
        field=harmless(signature.fq_name),
        signer=harmless(holder_of(certificate)),
        organisation=harmless(organisation_of(certificate)),
        holder=Holder(**{name: harmless(value) for name, value in holder_in(certificate).as_payload().items()}),
        serial=serial_of(certificate),
        own_seal=certificate.dump() in case.trust.own,
        certifies=signature.docmdp_level is not None,
        trial=is_trial(certificate),
    )


def _status(case: _Case, signature: EmbeddedPdfSignature) -> PdfSignatureStatus | DocumentTimestampStatus | None:
    """pyHanko's own reading of a signature; None when its structure contradicts itself."""
    case.reader.check_time()
    stamps = context(case.trust, case.evidence, case.at)
    try:
        if _is_stamp(signature):
            return asyncio.run(async_validate_pdf_timestamp(signature, stamps))
        nobody = context(TrustSettings(), Evidence(), case.at)
        return asyncio.run(async_validate_pdf_signature(signature, nobody, stamps))
    except UnreadablePdf:
        raise
    except Exception:  # noqa: BLE001 - hostile input; whatever the failure, the signature proves nothing
        case.reader.check_time()
        return None


def _integrity(
    case: _Case, signature: EmbeddedPdfSignature, status: TimestampSignatureStatus | PdfSignatureStatus
) -> Integrity:
    if status.trust_problem_indic is not None and status.trust_problem_indic in TOO_WEAK:
        return Integrity.WEAK
    sound = status.intact and status.valid and _is_alone_in_its_gap(case.pdf, signature)
    if sound and signature.signer_cert.dump() in case.trust.own:
        sound = _is_as_we_write_it(signature)
    return Integrity.INTACT if sound else Integrity.ALTERED


def _is_alone_in_its_gap(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the bytes that the signature does not cover are the signature itself and zeros: nowhere to hide."""
    ranges = [int(number) for number in signature.byte_range]
    if len(ranges) != 4 or min(ranges) < 0:
        return False
    start, length, after, rest = ranges
    gap = pdf[length:after]
    if start != 0 or after + rest > len(pdf) or not HEX.fullmatch(gap):
        return False
    content = bytes.fromhex(gap[1:-1].decode())
    encoded, padding = whole_message(content)
    return content == signature.pkcs7_content and not padding.strip(b"\0") and is_plain(encoded)


def _is_as_we_write_it(signature: EmbeddedPdfSignature) -> bool:
    """Whether the parts of our own seal that no signature covers say what they always say."""
    signed, signer = signature.signed_data, signature.signer_info
    identity = signer["sid"].chosen
    return bool(
        signed["version"].native == signer["version"].native == "v1"
        and [one.dump() for one in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
        and identity["issuer"].dump() == signature.signer_cert.issuer.dump()
    )


def _coverage(
    case: _Case, signature: EmbeddedPdfSignature, status: DocumentTimestampStatus | PdfSignatureStatus
) -> Coverage:
    if status.coverage not in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION):
        return Coverage.UNCLEAR
    ranges = [int(number) for number in signature.byte_range]
    if ranges[2] + ranges[3] == len(case.pdf):
        return Coverage.WHOLE_FILE
    change = status.diff_result
    if (
        isinstance(change, DiffResult)
        and change.modification_level <= ModificationLevel.FORM_FILLING
        and status.docmdp_ok is not False
        and case.reader.total_revisions > signature.signed_revision + 1
    ):
        return Coverage.PERMITTED_CHANGES
    return Coverage.FORBIDDEN_CHANGES


def _level(case: _Case, signature: EmbeddedPdfSignature, stamped: datetime | None, moment: datetime) -> Level:
    """How long it can be proven: at least B-LT when the file itself has all that proves the certificate."""
    if signature.sig_object.get("/SubFilter") != "/ETSI.CAdES.detached":
        return Level.NONE
    if stamped is None:
        return Level.B_B
    proven = "/DSS" in case.reader.root and Chain.TRUSTED is assess_chain(
        signature.signer_cert, case.evidence, trust=replace(case.trust, crls=()), moment=moment, fetch=False
    )
    return Level.B_LT if proven else Level.B_T


def _evidence(reader: BoundedReader, signatures: list[EmbeddedPdfSignature]) -> Evidence:
    """What the file itself brings: its security store, and what each signature carries."""
    store = _entry(reader.root, "/DSS", {})
    certificates = [x509.Certificate.load(der) for der in _streams(store, "/Certs", DecodePurpose.CERTIFICATE)]
    crls = [crl.CertificateList.load(der) for der in _streams(store, "/CRLs", DecodePurpose.CRL)]
    ocsps = [ocsp.OCSPResponse.load(der) for der in _streams(store, "/OCSPs", DecodePurpose.OCSP_RESPONSE)]
    for signature in signatures:
        certificates += [signature.signer_cert, *signature.other_embedded_certs]
        for archive in _archives(signature.signer_info["signed_attrs"]):
            crls += list(archive["crl"] or ())
            ocsps += list(archive["ocsp"] or ())
    return Evidence(tuple(certificates), tuple(crls), tuple(ocsps))


def _streams(store: Any, key: str, purpose: DecodePurpose) -> list[bytes]:
    return [reference.get_object().read_data(purpose) for reference in _entry(store, key, ())]


def _entry(dictionary: Any, key: str, otherwise: Any) -> Any:
    """What a dictionary of the file has under a key, references followed: its own `get` does not."""
    try:
        return dictionary[key]
    except KeyError:
        return otherwise


def _archives(attributes: Any) -> list[Any]:
    """Adobe's own way to carry lists of revocation."""
    if isinstance(attributes, core.Void):
        return []
    kind = "adobe_revocation_info_archival"
    return [value for one in attributes if one["type"].native == kind for value in one["values"]]


def _aware(moment: datetime | None) -> datetime | None:
    """A moment that a signer wrote without its zone is one in Paris."""
    return moment.replace(tzinfo=PARIS) if moment is not None and moment.utcoffset() is None else moment
