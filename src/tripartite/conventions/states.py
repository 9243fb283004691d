"""The lives of a convention and of a text model: codes in English, labels in French, one table of transitions each."""

from enum import StrEnum


class ConventionState(StrEnum):
    """DRAFT: being prepared. SENT: out for signature, its text is frozen. PARTLY_SIGNED, SIGNED: by some, by all.

    IN_FORCE: it binds. ENDED: by its term, a denunciation or a termination. ABANDONED: given up before it was signed.
    REFUSED: a party refused to sign.
    """

    DRAFT = "draft"
    SENT = "sent"
    PARTLY_SIGNED = "partly-signed"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    ENDED = "ended"
    ABANDONED = "abandoned"
    REFUSED = "refused"


CONVENTION_LABELS = {
    ConventionState.DRAFT: "en préparation",
    ConventionState.SENT: "à signer",
    ConventionState.PARTLY_SIGNED: "en partie signée",
    ConventionState.SIGNED: "signée",
    ConventionState.IN_FORCE: "en vigueur",
    ConventionState.ENDED: "terminée",
    ConventionState.ABANDONED: "abandonnée",
    ConventionState.REFUSED: "signature refusée",
}

CONVENTION_TRANSITIONS: dict[ConventionState, frozenset[ConventionState]] = {
    ConventionState.DRAFT: frozenset({ConventionState.SENT, ConventionState.ABANDONED}),
    ConventionState.SENT: frozenset(
        {
            ConventionState.PARTLY_SIGNED,
            ConventionState.SIGNED,
            ConventionState.ABANDONED,
            ConventionState.REFUSED,
        }
    ),
    ConventionState.PARTLY_SIGNED: frozenset(
        {ConventionState.SIGNED, ConventionState.ABANDONED, ConventionState.REFUSED}
    ),
    ConventionState.SIGNED: frozenset({ConventionState.IN_FORCE, ConventionState.ENDED}),
    ConventionState.IN_FORCE: frozenset({ConventionState.ENDED}),
    ConventionState.ENDED: frozenset(),
    ConventionState.ABANDONED: frozenset(),
    ConventionState.REFUSED: frozenset(),
}

SIGNABLE = frozenset({ConventionState.SENT, ConventionState.PARTLY_SIGNED})
"""States in which signatures are awaited."""
GIVEN_UP = frozenset({ConventionState.ABANDONED, ConventionState.REFUSED})
"""States in which it never bound and never will: another one may be prepared."""


class TextState(StrEnum):
    """DRAFT: being written. ADOPTED: used by new conventions, its words never change. RETIRED: another replaced it."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    RETIRED = "retired"


TEXT_LABELS = {
    TextState.DRAFT: "projet",
    TextState.ADOPTED: "adopté",
    TextState.RETIRED: "remplacé",
}

TEXT_TRANSITIONS: dict[TextState, frozenset[TextState]] = {
    TextState.DRAFT: frozenset({TextState.ADOPTED}),
    TextState.ADOPTED: frozenset({TextState.RETIRED}),
    TextState.RETIRED: frozenset(),
}


class Way(StrEnum):
    """How a signatory signed: on paper, electronically outside, or here."""

    PAPER = "paper"
    OUTSIDE = "outside"
    HERE = "here"


WAY_LABELS = {
    Way.PAPER: "sur papier",
    Way.OUTSIDE: "avec un certificat, hors de Tripartite",
    Way.HERE: "dans Tripartite, par lien et code",
}

WAY_WORTH = {
    Way.PAPER: "L'original signé fait foi ; la copie numérisée en est la trace.",
    Way.OUTSIDE: "Vérifiés : le titulaire du certificat, l'intégrité du texte, la chaîne de confiance.",
    Way.HERE: (
        "Le signataire s'est identifié par un lien et un code reçus à la même adresse : un seul facteur. Le sceau de la"
        " plateforme protège le texte ; il n'est pas la signature personnelle du signataire."
    ),
}
"""What each way is worth, said without boasting; where the date comes from is said beside."""
BY_PHONE = "dans Tripartite, par lien et code dit au téléphone"
WORTH_BY_PHONE = (
    "Le signataire s'est identifié par un lien reçu à son adresse électronique et par un code qu'un agent lui a dit au"
    " téléphone. Le sceau de la plateforme protège le texte ; il n'est pas la signature personnelle du signataire."
)


class Progress(StrEnum):
    """Where a body of a former programme stands. TO_DO: nothing asked for. IN_PROGRESS: a request of it is open.

    DONE: a convention of this offer was signed.
    """

    TO_DO = "to-do"
    IN_PROGRESS = "in-progress"
    DONE = "done"


PROGRESS_LABELS = {
    Progress.TO_DO: "à faire",
    Progress.IN_PROGRESS: "en cours",
    Progress.DONE: "fait",
}
