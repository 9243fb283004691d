"""Sealing papers: PAdES signatures by the platform's own key. See docs/decisions/0051-pades-seal.md.

A seal is added at the end of the file (incremental update), so it never touches the bytes that earlier signatures
cover. It is invisible and outside the page, which is what PDF/A-2a and PDF/UA-1 both allow without new tags.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO

from asn1crypto import x509
from django.conf import settings
from django.utils import timezone
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, PdfSigningSession, SigDSSPlacementPreference
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from tripartite.documents.errors import SealError
from tripartite.documents.reading import BoundedReader
from tripartite.documents.seal_key import opened_seal
from tripartite.documents.trust_folder import trust_settings
from tripartite.pricing.naming import complement

FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
TIMESTAMP_SECONDS = 10


def seal_pdf(pdf: bytes, *, reason: str, name: str, at: datetime, field: str) -> bytes:
    """The paper with our seal at its end; what was there before stays, byte for byte.

    `reason` and `name` are what readers show (« Convention signée », « Opérateur »), `at` the aware
    instant that the seal declares, `field` a name not used in this file yet. PAdES B-B; B-T with
    TRIPARTITE_TIMESTAMP_URL; what proves the certificates is embedded whenever it can be had.

    Raises SealError when there is no usable key, when the timestamp server does not answer, or when the file cannot
    be sealed (protected, broken, locked by somebody's signature, field already there).
    """
    if not FIELD.fullmatch(field):
        raise ValueError(f"field: {field!r}")
    mention = _Mention(reason, name, at, field)
    with opened_seal(at=at) as signer:
        try:
            try:
                return _sealed(pdf, mention, signer, proven=True)
            except (ValidationError, PathError, _Unproven):
                return _sealed(pdf, mention, signer, proven=False)
        except TimestampRequestError:
            raise SealError("Le serveur d'horodatage ne répond pas : rien n'a été scellé, réessayer.") from None
        except (SigningError, PdfError, ValueError) as error:
            raise SealError(f"Ce fichier ne peut pas être scellé ({error}).") from error


def seals_are_stamped() -> bool:
    """Whether a time stamp proves when a seal is made here: every one then has it, or is not made."""
    return bool(settings.CONFIG.timestamp_url)


@dataclass(frozen=True, slots=True)
class _Mention:
    """What the seal says."""

    reason: str
    name: str
    at: datetime
    field: str


class _Unproven(Exception):  # noqa: N818 - a turn in the way, not a failure
    """No chain could be built to prove our own certificates with."""


class _SparingWriter(IncrementalPdfFileWriter):
    """Adds the seal alone: title, dates and marks of the file stay as they were written.

    pyHanko's own rewriting of XMP keeps the marks of PDF/A and PDF/UA, but dates the file by the machine's clock and
    turns texts of the extension schemas into links, which PDF/A does not expect.
    """

    output_version = (1, 7)

    def _update_meta(self) -> None:
        pass


class _DatedSigner(signers.PdfSigner):
    """Declares the instant that it is given, instead of reading the clock."""

    at: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = timezone.localtime(self.at)
        return session

    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002
        """PAdES in a PDF 1.7, whatever the key: PDF/A-2 is no PDF 2.0."""
        pdf_out.register_extension(ESIC_EXTENSION_1)


def _sealed(pdf: bytes, mention: _Mention, signer: signers.Signer, *, proven: bool) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name=mention.field,
        md_algorithm="sha256",
        reason=mention.reason,
        name=mention.name,
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=proven,
        validation_context=_context(signer, mention.at) if proven else None,
        signer_key_usage=set(),
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    place = fields.SigFieldSpec(
        mention.field,
        invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
        readable_field_name=f"Sceau {complement(mention.name)}",
    )
    dated = _DatedSigner(metadata, signer, timestamper=_timestamper(), new_field_spec=place)
    dated.at = mention.at
    writer = _SparingWriter.from_reader(BoundedReader.of(pdf))
    try:
        sealed = asyncio.run(_signed(dated, writer, metadata.validation_context))
    except SigningError as error:
        if proven and isinstance(error.__cause__, (ValidationError, PathError)):
            raise _Unproven from error
        raise
    return sealed.getvalue()


async def _signed(signer: _DatedSigner, writer: IncrementalPdfFileWriter, context: ValidationContext | None) -> BytesIO:
    output = BytesIO()
    try:
        await signer.async_sign_pdf(writer, output=output)
    finally:
        if context is not None:
            await context.aclose()  # type: ignore[no-untyped-call]
    return output


def _context(signer: signers.Signer, at: datetime) -> ValidationContext:
    """What our certificate is proven with: itself when it signs itself, else what comes with the key or is trusted.

    Lists of revocation are fetched only where the certificates name them; one that cannot be had is left out.
    """
    certificate = signer.signing_cert
    others = list(signer.cert_registry)
    trusted = [x509.Certificate.load(der) for der in trust_settings().anchors]
    roots = [one for one in (*others, *trusted) if certificate is None or one.sha256 != certificate.sha256]
    if certificate is not None and certificate.self_signed != "no":
        roots.append(certificate)
    return ValidationContext(
        trust_roots=roots,
        other_certs=others,
        moment=at,
        allow_fetching=any(_names_revocation(one) for one in (certificate, *others)),
        revocation_mode="soft-fail",
        retroactive_revinfo=True,
    )


def _names_revocation(certificate: x509.Certificate | None) -> bool:
    return certificate is not None and bool(certificate.ocsp_urls or certificate.crl_distribution_points)


def _timestamper() -> TimeStamper | None:
    url = settings.CONFIG.timestamp_url
    return _timestamper_at(url) if url else None


@cache
def _timestamper_at(url: str) -> TimeStamper:
    """Kept: what it learns of the server's answers (their size, their certificates) spares one request per seal."""
    return HTTPTimeStamper(url, timeout=TIMESTAMP_SECONDS)
