"""Who plays the issuers that a text names: by their role in the grid (« operator »), or by their own code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tripartite.conventions.printout.model_text import ModelText, read_model
from tripartite.conventions.printout.phrases import PLACEHOLDER
from tripartite.pricing.grid import Grid


def roles_of(grid: Grid) -> dict[str, str]:
    """The code of the issuer that plays each role in a grid."""
    return {issuer.role: issuer.code for issuer in grid.issuers.values() if issuer.role}


def cast(text: ModelText, names: Mapping[str, str]) -> ModelText:
    """The text with the codes of issuers where it names roles: signatories, endings, placeholders. A name that is not
    in `names` stays as it is."""
    renamed = {one.code: names[one.code] for one in text.signatories if one.issuer and one.code in names}
    if all(role == code for role, code in renamed.items()):
        return text

    def filled(words: str) -> str:
        def place(found: re.Match[str]) -> str:
            role, dot, field = found[1].partition(".")
            return f"{{{renamed.get(role, role)}{dot}{field}}}"

        return PLACEHOLDER.sub(place, words)

    return replace(
        text,
        title=filled(text.title),
        visas=tuple(filled(visa) for visa in text.visas),
        signatories=tuple(
            replace(one, issuer=renamed.get(one.code, one.issuer)) if one.issuer else one for one in text.signatories
        ),
        articles=tuple(
            replace(article, title=filled(article.title), text=filled(article.text)) for article in text.articles
        ),
        annexes=tuple(replace(annex, title=filled(annex.title), text=filled(annex.text)) for annex in text.annexes),
        endings=tuple(replace(one, by=tuple(renamed.get(role, role) for role in one.by)) for one in text.endings),
    )


def cast_for(text: str, grid: Grid) -> ModelText:
    """The text that a file holds, its roles played by the issuers of a grid. Raises ModelError."""
    return cast(read_model(text), roles_of(grid))


def cast_as_signed(text: str, roles: Sequence[str]) -> ModelText:
    """The text of a convention, its roles played by those who sign it: `roles`, in the order of the text."""
    model = read_model(text)
    return cast(model, {one.code: role for one, role in zip(model.signatories, roles, strict=False)})
