"""What an invoice becomes, and the words of billing: codes in English, labels in French."""

from enum import StrEnum


class InvoiceState(StrEnum):
    """ISSUED: numbered, sent, owed. CREDITED: credit notes have taken all of it back; it is never deleted."""

    ISSUED = "issued"
    CREDITED = "credited"


INVOICE_LABELS = {InvoiceState.ISSUED: "émise", InvoiceState.CREDITED: "annulée par avoir"}

INVOICE_TRANSITIONS: dict[InvoiceState, frozenset[InvoiceState]] = {
    InvoiceState.ISSUED: frozenset({InvoiceState.CREDITED}),
    InvoiceState.CREDITED: frozenset(),
}


class Way(StrEnum):
    """How an issuer's invoices reach its accountant and the bodies: one way per issuer, never two for one invoice.

    PES_ASAP: revenue orders in a PES flow that carries the *avis des sommes à payer*, which the DGFiP edits or puts on
    Chorus Pro. PES: the same without Chorus; the issuer sends its invoices itself. CHORUS: the issuer puts its invoices
    on Chorus Pro.
    """

    PES_ASAP = "pes-asap"
    PES = "pes"
    CHORUS = "chorus"


WAY_LABELS = {
    Way.PES_ASAP: "flux PES avec avis des sommes à payer",
    Way.PES: "flux PES, sans Chorus Pro",
    Way.CHORUS: "dépôt sur Chorus Pro",
}


class Profile(StrEnum):
    """How much the structured part of an electronic invoice says (Factur-X)."""

    EN16931 = "en16931"
    BASIC_WL = "basic-wl"
    MINIMUM = "minimum"


PROFILE_LABELS = {Profile.EN16931: "EN 16931", Profile.BASIC_WL: "BASIC WL", Profile.MINIMUM: "MINIMUM"}
"""As the standard writes them: a file says its profile so (`ConformanceLevel`)."""


class Framework(StrEnum):
    """The cadre de facturation that invoices say (BT-23): A1 for Chorus Pro, S1 for an approved platform."""

    A1 = "A1"
    S1 = "S1"


FRAMEWORK_LABELS = {Framework.A1: "A1, pour Chorus Pro", Framework.S1: "S1, pour une plateforme agréée"}


class VatPosition(StrEnum):
    """Where an issuer stands with VAT: TAXED, EXEMPT (by an article that invoices cite), OUT_OF_SCOPE."""

    TAXED = "taxed"
    EXEMPT = "exempt"
    OUT_OF_SCOPE = "out-of-scope"


VAT_LABELS = {
    VatPosition.TAXED: "assujetti à la TVA",
    VatPosition.EXEMPT: "exonéré de TVA",
    VatPosition.OUT_OF_SCOPE: "hors du champ de la TVA",
}


class SlipKind(StrEnum):
    """What a slip of revenue orders holds: what is owed, or what reduces or annuls an order already taken in charge."""

    ORDINARY = "ordinary"
    REDUCTION = "reduction"


SLIP_LABELS = {SlipKind.ORDINARY: "bordereau de titres", SlipKind.REDUCTION: "bordereau d'annulations et de réductions"}


class Unsendable(StrEnum):
    """What is done where the flow of a slip to come would be rejected: REFUSE, no slip is made; LEAVE_OUT, it is made
    without the titles that would be, which wait; BY_TABLE, it is made, and its titles leave in a table: no flow is.
    """

    REFUSE = "refuse"
    LEAVE_OUT = "leave-out"
    BY_TABLE = "by-table"


UNSENDABLE_LABELS = {
    Unsendable.REFUSE: "ne rien faire",
    Unsendable.LEAVE_OUT: "laisser attendre les titres qui seraient rejetés",
    Unsendable.BY_TABLE: "titrer sans flux : les titres partent en tableau",
}


class FlowState(StrEnum):
    """Where the flow of a slip is: not written yet, written, taken by the accountant's system, refused by it; BY_TABLE:
    none is to be, its titles left in a table.
    """

    NONE = "none"
    MADE = "made"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    BY_TABLE = "by-table"


FLOW_LABELS = {
    FlowState.NONE: "flux à faire",
    FlowState.MADE: "flux fait, sans réponse",
    FlowState.ACCEPTED: "flux accepté",
    FlowState.REFUSED: "flux refusé",
    FlowState.BY_TABLE: "titres en tableau, sans flux",
}


class Signing(StrEnum):
    """Whether a flow to the accountant is to be signed, by a program of the issuer's, before it is handed over."""

    UNSIGNED = "unsigned"
    OUTSIDE = "outside"


SIGNING_LABELS = {
    Signing.UNSIGNED: "flux non signé, bordereau signé sur papier",
    Signing.OUTSIDE: "flux à signer par un autre logiciel",
}


class Fate(StrEnum):
    """What a run does with what a body owes: an invoice, a credit note (and an invoice of the rest, if any); WAIT: it
    joins the next run; BLOCKED: something is to be put right first; NOTHING: all is billed.
    """

    ISSUE = "issue"
    CREDIT = "credit"
    WAIT = "wait"
    BLOCKED = "blocked"
    NOTHING = "nothing"


FATE_LABELS = {
    Fate.ISSUE: "à facturer",
    Fate.CREDIT: "avoir à émettre",
    Fate.WAIT: "attend la prochaine campagne",
    Fate.BLOCKED: "à corriger d'abord",
    Fate.NOTHING: "rien à facturer",
}


class Anomaly(StrEnum):
    """What a preview finds amiss before anything is numbered. Those of BLOCKING keep the invoice from being issued."""

    ISSUER_LACKS = "issuer-lacks"
    NO_SIRET = "no-siret"
    NO_ADDRESS = "no-address"
    NO_SERVICE_CODE = "no-service-code"
    NO_ENGAGEMENT = "no-engagement"
    UNPRICED = "unpriced"
    BODY_ENDED = "body-ended"
    BODY_MERGED = "body-merged"
    NO_VAT = "no-vat"
    NOTHING_TO_CREDIT = "nothing-to-credit"
    BELOW_THRESHOLD = "below-threshold"
    FAR_FROM_LAST_YEAR = "far-from-last-year"


ANOMALY_LABELS = {
    Anomaly.ISSUER_LACKS: "émetteur à compléter",
    Anomaly.NO_SIRET: "SIRET manquant",
    Anomaly.NO_ADDRESS: "adresse incomplète",
    Anomaly.NO_SERVICE_CODE: "code service exigé, manquant",
    Anomaly.NO_ENGAGEMENT: "numéro d'engagement exigé, manquant",
    Anomaly.UNPRICED: "ligne sans prix",
    Anomaly.BODY_ENDED: "structure qui n'existe plus",
    Anomaly.BODY_MERGED: "structure reprise par une autre",
    Anomaly.NO_VAT: "TVA sans réglage",
    Anomaly.NOTHING_TO_CREDIT: "rien à quoi imputer l'avoir",
    Anomaly.BELOW_THRESHOLD: "sous le seuil de recouvrement",
    Anomaly.FAR_FROM_LAST_YEAR: "loin de l'an dernier",
}

BLOCKING = frozenset(
    {
        Anomaly.ISSUER_LACKS,
        Anomaly.NO_SIRET,
        Anomaly.NO_ADDRESS,
        Anomaly.NO_SERVICE_CODE,
        Anomaly.NO_ENGAGEMENT,
        Anomaly.BODY_ENDED,
        Anomaly.NO_VAT,
    }
)
"""A line without a price waits alone: the others of its invoice are issued."""


class PortalStatus(StrEnum):
    """What Chorus Pro says of an invoice. TO_RECYCLE, SUSPENDED and REJECTED send it back to its issuer; PAID says that
    the payer has sent the money, which is recorded when it comes. OTHER: words that are not known here.
    """

    DEPOSITED = "deposited"
    ROUTED = "routed"
    AVAILABLE = "available"
    TO_RECYCLE = "to-recycle"
    RECYCLED = "recycled"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    REJECTED = "rejected"
    SERVICE_DONE = "service-done"
    VALIDATED = "validated"
    ORDERED = "ordered"
    WITH_ACCOUNTANT = "with-accountant"
    BOOKED = "booked"
    PAID = "paid"
    DROPPED = "dropped"
    OTHER = "other"


PORTAL_LABELS = {
    PortalStatus.DEPOSITED: "déposée",
    PortalStatus.ROUTED: "en cours d'acheminement",
    PortalStatus.AVAILABLE: "mise à disposition du destinataire",
    PortalStatus.TO_RECYCLE: "à recycler",
    PortalStatus.RECYCLED: "recyclée",
    PortalStatus.SUSPENDED: "suspendue",
    PortalStatus.COMPLETED: "complétée",
    PortalStatus.REJECTED: "rejetée",
    PortalStatus.SERVICE_DONE: "service fait",
    PortalStatus.VALIDATED: "validée",
    PortalStatus.ORDERED: "mandatée",
    PortalStatus.WITH_ACCOUNTANT: "mise à disposition du comptable",
    PortalStatus.BOOKED: "comptabilisée",
    PortalStatus.PAID: "mise en paiement",
    PortalStatus.DROPPED: "abandonnée",
    PortalStatus.OTHER: "autre statut",
}
SENT_BACK = frozenset({PortalStatus.TO_RECYCLE, PortalStatus.SUSPENDED, PortalStatus.REJECTED})

PORTAL_NEXT = {
    PortalStatus.TO_RECYCLE: (
        "Le destinataire n'est pas le bon : corriger sur Chorus Pro le SIRET, le code service ou l'engagement, puis les"
        " noter sur la page de la structure pour les prochaines factures."
    ),
    PortalStatus.SUSPENDED: "Une pièce manque au destinataire : la joindre sur Chorus Pro, qui la lui remet.",
    PortalStatus.REJECTED: (
        "Elle ne sera pas payée : l'annuler ici par un avoir, mettre au point ce qui est refusé (code service,"
        " engagement : page de la structure), puis facturer de nouveau. La nouvelle la remplace et le dit."
    ),
    PortalStatus.PAID: "Le virement est annoncé : le paiement se note quand il arrive.",
}
"""What is to be done next, by whoever issued the invoice."""


def portal_label(status: str, words: str) -> str:
    """What a status is called: by the portal's own `words` where it is not known here."""
    return words if status == PortalStatus.OTHER else PORTAL_LABELS[PortalStatus(status)]


RECORDING = "billing-statement"
"""The kind of job that records a long statement."""
