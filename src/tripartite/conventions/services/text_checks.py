"""Whether the offers of this installation can use a text: its issuers, its services, and its paper, made for trial."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from tripartite.conventions.printout.building import convention_paper
from tripartite.conventions.printout.casting import cast, roles_of
from tripartite.conventions.printout.deliberation import deliberation_paper
from tripartite.conventions.printout.model_text import AMENDMENT, BENEFICIARY, DELIBERATION, ModelText, read_model
from tripartite.conventions.printout.parts import Party, Term
from tripartite.conventions.printout.phrases import SERVICES, lines_of_text
from tripartite.documents.render import render
from tripartite.pricing.findings import Finding, Severity
from tripartite.pricing.grid import Grid
from tripartite.pricing.order import KIND_LABELS, Kind
from tripartite.tariffs.queries import latest_grid, offer_titles

TRIAL = date(2000, 1, 1)
"""The day that a paper made for trial bears: nobody reads it."""


def check_text(model: ModelText, text: str) -> list[Finding]:
    """What prevents the offers of this installation from using a text, or is to be looked at (warnings).

    `text` is the file of `model`. A text for all offers must suit one of them; one that names its offer, that one.
    """
    grids = [grid for offer in _offers(model) if (grid := latest_grid(offer)) is not None]
    if not grids:
        whose = (
            f"Ce modèle est pour l'offre « {model.offer} », qui n'a pas de grille"
            if model.offer
            else ("Aucune grille n'est adoptée : on ne sait pas quels émetteurs signent")
        )
        return [Finding(Severity.ERROR, "modèle", _line(text, "offer") if model.offer else None, f"{whose}.")]
    suited = [grid for grid in grids if not _strangers(model, grid)]
    if not suited:
        return [finding for grid in grids for finding in _unknown_issuers(model, text, grid)]
    return [*_unknown_services(model, text, suited), *_trials(text, suited)]


def _offers(model: ModelText) -> list[str]:
    return [model.offer] if model.offer else list(offer_titles())


def _strangers(model: ModelText, grid: Grid) -> list[str]:
    """The issuers that sign a text and are none of a grid's, by role or code; or that sign it twice."""
    roles, seen, found = roles_of(grid), set(), []
    for one in model.signatories:
        code = roles.get(one.code, one.code)
        if one.issuer and (code not in grid.issuers or code in seen):
            found.append(one.code)
        seen.add(code)
    return found


def _unknown_issuers(model: ModelText, text: str, grid: Grid) -> Iterator[Finding]:
    known = ", ".join(f"{one.role} ({code})" if one.role else code for code, one in grid.issuers.items())
    for name in _strangers(model, grid):
        message = f"« {name} » n'est pas un émetteur de l'offre « {grid.offer} », ou y signe déjà ; au choix : {known}."
        yield Finding(Severity.ERROR, "modèle › signatory › issuer", _line(text, f'"{name}"'), message)


def _unknown_services(model: ModelText, text: str, grids: list[Grid]) -> Iterator[Finding]:
    """A text for one offer names its services; a text for all may name some that no offer has: they are never taken,
    and told together.
    """
    known = {code for grid in grids for code in grid.services}
    unknown = list(dict.fromkeys(code for code in _services(model) if code not in known))
    offers, place = ", ".join(grid.offer for grid in grids), "modèle › [si service]"
    if model.offer or len(unknown) == 1:
        severity = Severity.ERROR if model.offer else Severity.WARNING
        for code in unknown:
            message = f"« {code} » n'est un service d'aucune grille de {offers}."
            yield Finding(severity, place, _line(text, code), message)
    elif unknown:
        named = ", ".join(f"« {code} »" for code in unknown)
        message = f"Ce ne sont des services d'aucune grille de {offers} : {named}."
        yield Finding(Severity.WARNING, place, _line(text, unknown[0]), message)


def _services(model: ModelText) -> Iterator[str]:
    parts = [*model.visas, *(one.text for one in model.articles), *(one.text for one in model.annexes)]
    for line in (line for part in parts for line in lines_of_text(part)):
        named = SERVICES.fullmatch((line.condition or "").partition(" ")[2])
        yield from named[1].split(", ") if named else ()


def _line(text: str, word: str) -> int | None:
    return next((number for number, line in enumerate(text.splitlines(), start=1) if word in line), None)


def _trials(text: str, grids: list[Grid]) -> Iterator[Finding]:
    for grid in grids:
        if wrong := _trial(text, grid.code):
            yield Finding(Severity.ERROR, "papier", None, f"offre « {grid.offer} » : {wrong}")


@lru_cache(maxsize=32)
def _trial(text: str, grid_code: str) -> str:
    """Why the paper of a text cannot be made with a grid, « » when it can; once for a text and a grid, that never
    change."""
    grid = latest_grid(grid_code.partition("/")[0])
    if grid is None:
        return ""
    model = cast(read_model(text), roles_of(grid))
    try:
        _render(model, grid)
    except (ValueError, KeyError, RuntimeError) as error:
        return f"le papier ne peut pas être fait ({' '.join(str(error).split())[:200]})."
    return ""


def _render(model: ModelText, grid: Grid) -> bytes:
    """The paper of a text with the issuers of a grid and nobody's names. Raises what prevents it."""
    kind, term = KIND_LABELS[Kind.COMMUNE], model.term
    parties = [
        Party(BENEFICIARY, "Commune", kind)
        if one.role == BENEFICIARY
        else Party(one.code, grid.issuers[one.code].name, "", slot=slot)
        for slot, one in enumerate(model.signatories, start=1)
    ]
    lasting = Term(term.years, term.tacit_renewals, term.notice_months) if term else Term(1)
    if model.kind == DELIBERATION:
        paper = deliberation_paper(
            text=model,
            reference="",
            issued_on=TRIAL,
            parties=parties,
            services=(),
            quotes=(),
            grid=grid,
            bearing=(),
            term=lasting,
        )
        return render(paper.model, paper.as_payload())
    made = convention_paper(
        text=model,
        number=None,
        reference="",
        issued_on=TRIAL,
        parties=parties,
        services=(),
        quotes=(),
        grid=grid,
        bearing=(),
        term=lasting,
        amends="" if model.kind == AMENDMENT else None,
    )
    return render(made.model, made.as_payload())
