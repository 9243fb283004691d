"""What may become of a commune, and the kinds of file that tell it."""

from enum import StrEnum


class Change(StrEnum):
    """What a movement does to the commune of the code `code`."""

    MERGED = "merged"
    """It ends, taken in by `into`; with the same code, a commune nouvelle that is another person bears it now."""
    RESTORED = "restored"
    """It lives, again or for the first time: a person that the one that bore its code is not."""
    RECODED = "recoded"
    """The same commune bears the code `into`: another département, another chef-lieu."""
    RENAMED = "renamed"
    """The same commune, of the same code, is named `into_name`."""
    GONE = "gone"
    """It ends, and nothing takes it in."""


class Layout(StrEnum):
    """A kind of file that the directory reads, as its publisher gives it."""

    COMMUNES = "communes"
    EPCI = "epci"
    COG = "cog"
    MOVEMENTS = "movements"
    POPULATIONS = "populations"
    SIREN = "siren"
    MEMBERS = "members"
    USUAL_NAMES = "usual-names"

    @property
    def label(self) -> str:
        return LAYOUT_LABELS[self]


LAYOUT_LABELS = {
    Layout.COMMUNES: "communes (fichier de Tripartite)",
    Layout.EPCI: "intercommunalités (fichier de Tripartite)",
    Layout.COG: "INSEE, code officiel géographique : communes",
    Layout.MOVEMENTS: "INSEE, code officiel géographique : mouvements",
    Layout.POPULATIONS: "INSEE, populations de référence",
    Layout.SIREN: "DGCL, BANATIC : SIREN et codes INSEE",
    Layout.MEMBERS: "DGCL, intercommunalités et leurs communes",
    Layout.USUAL_NAMES: "noms d'usage (fichier de Tripartite)",
}
