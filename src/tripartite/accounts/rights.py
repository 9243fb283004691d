"""The one table of rights: which role may do what. Everything that is not here is refused."""

from collections.abc import Collection
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What a person does for its issuer."""

    AGENT = "agent"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.AGENT: "agent",
    Role.MANAGER: "responsable",
    Role.ACCOUNTANT: "comptable",
    Role.ADMINISTRATOR: "administrateur",
}


class Action(StrEnum):
    """What can be done behind a log-in."""

    GRID_READ = "grid.read"
    GRID_ADOPT = "grid.adopt"
    BODY_READ = "body.read"
    BODY_CREATE = "body.create"
    DIRECTORY_UPDATE = "directory.update"
    FIGURE_DECLARE = "figure.declare"
    REQUEST_READ = "request.read"
    REQUEST_EXPORT = "request.export"
    REQUEST_CREATE = "request.create"
    REQUEST_REVISE = "request.revise"
    REQUEST_CANCEL = "request.cancel"
    LINE_PRICE = "line.price"
    QUOTES_ISSUE = "quotes.issue"
    MESSAGE_READ = "message.read"
    MESSAGE_RESEND = "message.resend"
    ANSWER_RECORD = "answer.record"
    MANDATE_RECORD = "mandate.record"
    CONVENTION_READ = "convention.read"
    CONVENTION_WRITE = "convention.write"
    SIGNATORY_WRITE = "signatory.write"
    SIGNATURE_RECORD = "signature.record"
    HOLDER_CONFIRM = "holder.confirm"
    TRACE_READ = "trace.read"
    TEXT_WRITE = "text.write"
    COHORT_IMPORT = "cohort.import"
    JOB_READ = "job.read"
    JOB_START = "job.start"
    SUBSCRIPTION_READ = "subscription.read"
    SUBSCRIPTION_WRITE = "subscription.write"
    ACTIVATION_READ = "activation.read"
    ACTIVATION_WRITE = "activation.write"
    STEP_SETTLE = "step.settle"
    KEY_READ = "key.read"
    KEY_WRITE = "key.write"
    INTERVENTION_READ = "intervention.read"
    INTERVENTION_RECORD = "intervention.record"
    DEADLINE_READ = "deadline.read"
    DEADLINE_PREPARE = "deadline.prepare"
    BILLING_READ = "billing.read"
    BILLING_RUN = "billing.run"
    BILLING_CREDIT = "billing.credit"
    PAYMENT_RECORD = "payment.record"
    REVENUE_ORDER = "revenue.order"
    BUYER_RECORD = "buyer.record"
    BILLING_SETTINGS = "billing.settings"
    ISSUER_SETTINGS = "issuer.settings"
    ACCOUNTS_MANAGE = "accounts.manage"

    @property
    def label(self) -> str:
        return ACTION_LABELS[self]


ACTION_LABELS = {
    Action.GRID_READ: "lire les grilles tarifaires, brouillons compris",
    Action.GRID_ADOPT: "adopter une grille tarifaire",
    Action.BODY_READ: "consulter une collectivité et ses papiers",
    Action.BODY_CREATE: "ajouter un établissement à l'annuaire",
    Action.DIRECTORY_UPDATE: "mettre l'annuaire à jour d'après les fichiers officiels, noter la fin d'une structure",
    Action.FIGURE_DECLARE: "déclarer une population ou un effectif, confirmer celui d'un visiteur",
    Action.REQUEST_READ: "consulter les demandes et les devis",
    Action.REQUEST_EXPORT: "exporter les listes",
    Action.REQUEST_CREATE: "créer ou dupliquer une demande",
    Action.REQUEST_REVISE: "modifier une demande",
    Action.REQUEST_CANCEL: "annuler une demande, avec un motif",
    Action.LINE_PRICE: "fixer le prix d'une ligne sur devis",
    Action.QUOTES_ISSUE: "émettre les devis de tous les émetteurs d'une offre",
    Action.MESSAGE_READ: "lire les courriels que l'application a écrits",
    Action.MESSAGE_RESEND: "renvoyer un courriel abandonné",
    Action.ANSWER_RECORD: "enregistrer la réponse d'une collectivité à ses devis",
    Action.MANDATE_RECORD: "enregistrer l'acte qui habilite un signataire",
    Action.CONVENTION_READ: "consulter les conventions",
    Action.CONVENTION_WRITE: "préparer, envoyer, abandonner ou résilier une convention",
    Action.SIGNATORY_WRITE: "désigner le signataire d'un émetteur, changer son adresse, son téléphone ou son acte",
    Action.SIGNATURE_RECORD: "enregistrer une signature sur papier ou un PDF signé",
    Action.HOLDER_CONFIRM: "confirmer, avec un motif, une signature dont le certificat porte un autre nom",
    Action.TRACE_READ: (
        "lire le relevé technique (adresse réseau, navigateur) d'un accord, ou d'une signature de la collectivité ou de"
        " son émetteur"
    ),
    Action.TEXT_WRITE: "écrire et adopter un modèle de texte",
    Action.COHORT_IMPORT: "importer les conventions d'un ancien programme",
    Action.JOB_READ: "suivre les travaux d'arrière-plan",
    Action.JOB_START: "lancer, reprendre ou arrêter un travail",
    Action.SUBSCRIPTION_READ: "consulter ce qui tourne et ce que cela coûte",
    Action.SUBSCRIPTION_WRITE: "réduire ou arrêter un service en cours",
    Action.ACTIVATION_READ: "suivre les mises en service",
    Action.ACTIVATION_WRITE: "prévoir, mettre en service ou abandonner une mise en service",
    Action.STEP_SETTLE: "régler une étape de mise en service, de son émetteur ou de la collectivité",
    Action.KEY_READ: "consulter le registre des clés de signature",
    Action.KEY_WRITE: "mettre une clé au registre, la remettre, la renouveler, la révoquer",
    Action.INTERVENTION_READ: "consulter l'agenda et les interventions",
    Action.INTERVENTION_RECORD: "planifier, noter ou annuler une intervention",
    Action.DEADLINE_READ: "consulter les échéances",
    Action.DEADLINE_PREPARE: "préparer le courrier ou la demande d'une échéance",
    Action.BILLING_READ: "voir ce qui est à facturer, les factures et les paiements",
    Action.BILLING_RUN: "émettre les factures d'une campagne",
    Action.BILLING_CREDIT: "émettre un avoir, annuler une facture",
    Action.PAYMENT_RECORD: "enregistrer un paiement, un remboursement, une relance, ce que dit Chorus Pro",
    Action.REVENUE_ORDER: "faire les titres de recettes et leurs bordereaux",
    Action.BUYER_RECORD: "noter ce qu'une structure exige des factures (code service, engagement)",
    Action.BILLING_SETTINGS: "régler la facturation de l'émetteur",
    Action.ISSUER_SETTINGS: "compléter l'identité et les réglages de l'émetteur",
    Action.ACCOUNTS_MANAGE: "gérer les comptes",
}

_READS = frozenset(
    {
        Action.GRID_READ,
        Action.BODY_READ,
        Action.REQUEST_READ,
        Action.REQUEST_EXPORT,
        Action.CONVENTION_READ,
        Action.SUBSCRIPTION_READ,
        Action.ACTIVATION_READ,
        Action.KEY_READ,
        Action.INTERVENTION_READ,
        Action.DEADLINE_READ,
    },
)
_FILES = frozenset(
    {
        Action.KEY_WRITE,
        Action.BODY_CREATE,
        Action.FIGURE_DECLARE,
        Action.REQUEST_CREATE,
        Action.REQUEST_REVISE,
        Action.REQUEST_CANCEL,
        Action.LINE_PRICE,
        Action.QUOTES_ISSUE,
        Action.MESSAGE_READ,
        Action.MESSAGE_RESEND,
        Action.ANSWER_RECORD,
        Action.MANDATE_RECORD,
        Action.CONVENTION_WRITE,
        Action.SIGNATORY_WRITE,
        Action.SIGNATURE_RECORD,
        Action.HOLDER_CONFIRM,
        Action.SUBSCRIPTION_WRITE,
        Action.ACTIVATION_WRITE,
        Action.STEP_SETTLE,
        Action.INTERVENTION_RECORD,
        Action.DEADLINE_PREPARE,
    },
)
_BUYERS = frozenset({Action.BILLING_READ, Action.BUYER_RECORD})
_BILLING = _BUYERS | {
    Action.BILLING_RUN,
    Action.BILLING_CREDIT,
    Action.PAYMENT_RECORD,
    Action.REVENUE_ORDER,
    Action.BILLING_SETTINGS,
}
_TEXTS = frozenset({Action.GRID_ADOPT, Action.TEXT_WRITE, Action.COHORT_IMPORT, Action.DIRECTORY_UPDATE})
_JOBS = frozenset({Action.JOB_READ, Action.JOB_START})
_TRACES = frozenset({Action.TRACE_READ})
_SETTINGS = frozenset({Action.ISSUER_SETTINGS, Action.ACCOUNTS_MANAGE})

RIGHTS: dict[Role, frozenset[Action]] = {
    Role.AGENT: _READS | _FILES | _BUYERS,
    Role.MANAGER: _READS | _FILES | _BUYERS | _TEXTS | _JOBS | _TRACES,
    Role.ACCOUNTANT: _READS | _BILLING,
    Role.ADMINISTRATOR: _READS | _FILES | _BILLING | _TEXTS | _JOBS | _TRACES | _SETTINGS,
}

OWN_ISSUER_ONLY = frozenset(
    {
        Action.LINE_PRICE,
        Action.STEP_SETTLE,
        Action.HOLDER_CONFIRM,
        Action.SIGNATORY_WRITE,
        *_BILLING,
        Action.ISSUER_SETTINGS,
        Action.ACCOUNTS_MANAGE,
    },
)


OWN_OFFER_ONLY = frozenset(
    {
        Action.GRID_ADOPT,
        Action.REQUEST_CREATE,
        Action.REQUEST_REVISE,
        Action.REQUEST_CANCEL,
        Action.QUOTES_ISSUE,
        Action.ANSWER_RECORD,
        Action.CONVENTION_WRITE,
        Action.SIGNATURE_RECORD,
        Action.TEXT_WRITE,
        Action.SUBSCRIPTION_WRITE,
        Action.ACTIVATION_WRITE,
        Action.STEP_SETTLE,
        Action.KEY_WRITE,
        Action.DEADLINE_PREPARE,
    },
)
"""What binds the issuers of an offer: for the accounts of one of them (decision 79)."""

ANY_OFFER: dict[Role, frozenset[Action]] = {Role.ADMINISTRATOR: frozenset({Action.GRID_ADOPT, Action.TEXT_WRITE})}
"""What a role may do for an offer of others: its first grid and text, when none of its issuers has an account yet."""


class _Issuer(Protocol):
    @property
    def code(self) -> str: ...


class Person(Protocol):
    """Whoever asks: an account, or nobody in particular (Django's AnonymousUser has no role)."""

    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_active(self) -> bool: ...


def holds(person: Person, action: Action) -> bool:
    """Whether the role of `person` has `action` at all: enough to show a link, not to act for an issuer."""
    if not (person.is_authenticated and person.is_active):
        return False
    issuer: _Issuer | None = getattr(person, "issuer", None)
    role: str = getattr(person, "role", "")
    return issuer is not None and role in RIGHTS and action in RIGHTS[Role(role)]


def may(person: Person, action: Action, issuer: str | None = None) -> bool:
    """Whether `person` may do `action`, for the issuer of code `issuer` where the action bears on one.

    An action of OWN_ISSUER_ONLY is refused without an issuer, and for any issuer but the person's own.
    """
    if not holds(person, action):
        return False
    return action not in OWN_ISSUER_ONLY or issuer == person.issuer.code  # type: ignore[attr-defined]


def may_for(person: Person, action: Action, issuers: Collection[str]) -> bool:
    """Whether `person` may do `action` for an offer, whose issuers' codes are `issuers`.

    An action of OWN_OFFER_ONLY is refused to the accounts of other issuers, but for those of ANY_OFFER.
    """
    if not holds(person, action):
        return False
    if action not in OWN_OFFER_ONLY or person.issuer.code in issuers:  # type: ignore[attr-defined]
        return True
    return action in ANY_OFFER.get(Role(person.role), frozenset())  # type: ignore[attr-defined]


def _granted(role: Role, action: Action) -> str:
    if action not in RIGHTS[role]:
        return ""
    if action in OWN_ISSUER_ONLY:
        return "le sien"
    return "la sienne" if action in OWN_OFFER_ONLY and action not in ANY_OFFER.get(role, frozenset()) else "oui"


def rights_as_markdown() -> str:
    """The table as docs/rights.md shows it."""
    lines = [
        "# Qui peut faire quoi",
        "",
        "Tableau produit à partir de `accounts/rights.py` ; tout ce qui n'y est pas est refusé.",
        "Les agents des deux émetteurs voient les mêmes demandes.",
        "« Le sien » : seulement pour l'émetteur auquel le compte est rattaché.",
        "« La sienne » : seulement pour une offre dont cet émetteur est l'un des émetteurs, quand l'acte porte sur une",
        "offre ([décision 79](decisions/0079-who-acts-for-an-offer.md)). La ligne de commande, sans compte,",
        "est celle de qui tient la machine : elle n'est bornée que par les règles des actes.",
        "",
        "| Action | " + " | ".join(role.label for role in Role) + " |",
        "|---" * (len(Role) + 1) + "|",
    ]
    for action in Action:
        cells = [_granted(role, action) for role in Role]
        lines.append(f"| {action.label} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
