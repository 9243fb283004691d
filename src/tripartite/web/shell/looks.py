"""How issuers set themselves to be seen: their colours as a stylesheet, their logos. Public, and the same for all."""

from collections.abc import Iterator
from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from tripartite.documents.colours import palette_of
from tripartite.documents.pictures import picture_by_hash
from tripartite.documents.style import Accent
from tripartite.journal.seen import mark_of
from tripartite.parties.queries.looks import issuers_on
from tripartite.web.shell.answers import or_404

COLOURS_KEPT = "public, max-age=300"
LOGOS_KEPT = "public, max-age=31536000, immutable"
DARK = "@media screen and (prefers-color-scheme: dark)"
NAMES = {"plain": "", "strong": "-strong", "line": "-line", "tint": "-tint"}


@require_safe
def show_colours(request: HttpRequest) -> HttpResponse:
    """The colours of the issuers that set some, by their slots; nothing where none did. Asked again after five minutes:
    what an address adds after « ? » is for who has just changed them.
    """
    text = "\n".join(_rules())

    def etag(_request: HttpRequest) -> str:
        return f'"{mark_of("looks", "", text, entries=())}"'

    @condition(etag_func=etag)
    def answer(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(text, content_type="text/css; charset=utf-8", headers={"Cache-Control": COLOURS_KEPT})

    return answer(request)


@require_safe
def show_logo(_request: HttpRequest, sha256: str) -> HttpResponse:
    """A logo by the hash of its bytes, which never change."""
    kept = or_404(picture_by_hash(sha256))
    return HttpResponse(bytes(kept.png), content_type="image/png", headers={"Cache-Control": LOGOS_KEPT})


def _rules() -> Iterator[str]:
    shown = [(one.slot, one.look) for one in issuers_on(timezone.localdate()) if one.look and one.look.colour]
    palettes = {slot: palette_of(look.colour, look.dark_colour) for slot, look in shown}
    if not palettes:
        return
    yield f":root {{{''.join(_tokens(slot, one.light) for slot, one in palettes.items())}}}"
    yield f"{DARK} {{:root {{{''.join(_tokens(slot, one.dark) for slot, one in palettes.items())}}}}}"
    for slot in palettes:
        takes = "".join(f"--issuer{name}: var(--issuer-{slot}{name});" for name in NAMES.values())
        yield f".issuer-{slot} {{{takes}}}"


def _tokens(slot: int, accent: Accent) -> str:
    return "".join(f"--issuer-{slot}{NAMES[name]}: {colour};" for name, colour in asdict(accent).items())
