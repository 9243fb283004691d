"""French typography, of what people read: « l’acte », no-break spaces. What is stored stays as it was typed.

One function for pages, letters and papers, called where a text leaves: on an HTML page (`web.shell.typography`), when a
letter is sent, when a paper is rendered.
"""

import re

NO_BREAK = "\u00a0"
NARROW = "\u202f"
EXACT = re.compile(r"(?<!\S)(\S*(?:@|://)\S*)")
"""Addresses are copied: they stay as they are."""
SLIPS = re.compile(
    r"(?P<apostrophe>(?<=[^\W\d_])'(?=[\w«(“]|$))"
    r"|(?P<narrow> (?=[;!?](?:[\s»)]|$)))"
    r"|(?P<wide> (?=:(?:\s|$)|»)|(?<=«) |(?<=\d) (?=[€%])|(?<=[nN]°) |(?<=\d) (?=h \d\d)|(?<=\d h) (?=\d\d))"
    r"|(?P<thousands>(?<![\d\u202f.,/])(?<!\d )\d{1,3}(?: \d{3})+(?! ?\d))"
)
TOKENS = re.compile(
    r"(?P<kept><(?P<name>script|style|textarea|pre|code|kbd)\b[^>]*>.*?</(?P=name)\s*>|<!--.*?-->)"
    r"|(?P<tag><[^>]*>)"
    r"|(?P<words>[^<]+)",
    re.DOTALL | re.IGNORECASE,
)
READ_ALOUD = re.compile(r'(?<=\s)((?:aria-label|title|placeholder|alt)=")([^"]*)(?=")')
"""The attributes that people read; any other holds what machines exchange."""
ESCAPED = re.compile(r"&#(?:x27|39);")


def typeset(text: str) -> str:
    """The same words with « ’ » and no-break spaces, as the Imprimerie nationale sets French; twice changes no more."""
    if "@" not in text and "://" not in text:
        return SLIPS.sub(_right, text)
    return "".join(part if place % 2 else SLIPS.sub(_right, part) for place, part in enumerate(EXACT.split(text)))


def typeset_html(page: str) -> str:
    """A page or a piece of one: its words and what is read aloud are set, its code and what forms send are not."""
    return TOKENS.sub(_token, page)


def _token(found: re.Match[str]) -> str:
    text = found[0]
    if found.lastgroup == "words":
        return text if text.isspace() else _words(text)
    if found.lastgroup == "tag" and "=" in text:
        return READ_ALOUD.sub(_attribute, text)
    return text


def _attribute(found: re.Match[str]) -> str:
    return found[1] + _words(found[2])


def _words(escaped: str) -> str:
    return typeset(ESCAPED.sub("'", escaped))


def _right(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "apostrophe":
            return "’"
        case "wide":
            return NO_BREAK
        case "narrow":
            return NARROW
    return found[0].replace(" ", NARROW)
