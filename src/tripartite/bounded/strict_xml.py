"""The XML of a stranger: called apart, in the process that reads a file, and there alone."""

from lxml import etree


class Refused(ValueError):  # noqa: N818 - names what happened
    """A file that does not say what it must; the message is French."""


def strict_root(content: bytes) -> etree._Element:
    """The root of a document that declares neither type nor entity: nothing of it leads elsewhere, or grows.

    Raises Refused for any other, and for what is no XML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Refused("Ce n'est pas un fichier XML lisible.") from None
    if root.getroottree().docinfo.doctype:
        raise Refused("Ce fichier déclare un type de document ou des entités : il n'est pas lu.")
    return root
