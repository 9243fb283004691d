"""How pages name an offer: not at all where there is one alone."""

from tripartite.tariffs.queries import offer_titles


def several_offers() -> dict[str, str]:
    """The title of each offer, by its code, where there are several; nothing where one alone was ever adopted."""
    titles = offer_titles()
    return titles if len(titles) > 1 else {}


def the_quotes(count: int) -> str:
    """« le devis », « les deux devis »: an issuer has one each."""
    return {1: "le devis", 2: "les deux devis"}.get(count, "les devis")
