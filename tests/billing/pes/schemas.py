"""The schemas of the DGFiP (PES V2, 5.17), which are not in this repository: a folder beside the checkout, or
the one that `PES_SCHEMAS` names.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "data" / "pes-5.17"
FOLDER = Path(os.environ.get("PES_SCHEMAS", BESIDE))
ALLER = "PES_V2/Rev0/PES_Aller.xsd"
RETURN = "PES_V2/RETOUR/Rev0/PES_Retour.xsd"
ACKNOWLEDGEMENT = "PES_V2/Rev0/PES_V2_Acquit_Autonome_V2.xsd"

with_schemas = pytest.mark.skipif(
    not (FOLDER / ALLER).exists(), reason="les schémas PES 5.17 ne sont pas là (PES_SCHEMAS)"
)


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(FOLDER / name))


def schema_errors(xml: bytes, name: str = ALLER) -> list[str]:
    """What a schema refuses, in libxml2's words."""
    checked = _schema(name)
    checked.validate(etree.fromstring(xml, etree.XMLParser(huge_tree=True)))
    return [str(error.message) for error in checked.error_log]
