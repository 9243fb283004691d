"""Where the installation keeps data about people: table by table, why, how long, who reads it. Pure.

`docs/personal-data.md` is written from it, a person's request is answered from it, and a test holds that every text of
every table is in it, or among what is about no person.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds of people. `fields` are its columns, `erased`: what a request to erase does; else why not."""

    table: str
    what: str
    fields: tuple[str, ...]
    purpose: str
    kept: str
    seen_by: str
    erased: str = ""


AGENTS = "les agents des émetteurs"
ADMINISTRATORS = "les administrateurs"
FILE = "la durée du dossier (papiers : dix ou trente ans, selon leur genre)"
ARCHIVES = (
    "pièce d'archives publiques : aucune élimination sans visa (code du patrimoine, articles L. 212-2 et L. 212-3)"
)
PROOF = "preuve d'un acte : la base refuse d'y toucher (RGPD, article 17, 3, b et e)"
MISSION = "dit qui a agi pour un service public (RGPD, article 17, 3, b)"

NAMED = (
    Held(
        "quotes.Request",
        "contact d'une demande",
        ("contact_name", "contact_function", "contact_email", "contact_phone", "note", "created_by", "cancel_reason"),
        "établir les devis et répondre",
        "TRIPARTITE_RETENTION_MONTHS sans devis (24 mois) ; sinon, " + FILE,
        AGENTS,
        "effacé quand aucun devis n'a été émis ; sinon, suit les devis",
    ),
    Held(
        "quotes.DeclaredFigure",
        "qui a déclaré un chiffre",
        ("declared_by", "confirmed_by"),
        "savoir d'où vient un chiffre qui fait un prix",
        "comme la demande",
        AGENTS,
        "effacé avec le contact de la demande",
    ),
    Held("quotes.OnRequestPrice", "agent qui a donné un prix", ("reason", "priced_by"), MISSION, FILE, AGENTS),
    Held("quotes.QuoteVersion", "agent qui a émis", ("issued_by",), MISSION, FILE, AGENTS),
    Held(
        "quotes.Answer",
        "qui a accepté ou refusé des devis",
        ("person", "function", "wording", "reason", "address", "browser", "recorded_by"),
        "prouver l'accord",
        "celle du devis (dix ans)",
        AGENTS + " ; adresse réseau et navigateur : les responsables",
    ),
    Held(
        "conventions.Signatory",
        "signataire",
        ("name", "function", "email", "phone"),
        "faire signer la bonne personne",
        "celle de la convention (trente ans)",
        AGENTS + " et les autres signataires (nom et fonction)",
    ),
    Held(
        "conventions.Signature", "signature", ("evidence", "recorded_by"), "prouver", "trente ans", "les responsables"
    ),
    Held(
        "conventions.SigningRefusal",
        "refus de signer",
        ("reason", "evidence", "recorded_by"),
        "prouver",
        "trente ans",
        AGENTS,
    ),
    Held("conventions.Convention", "agent", ("end_reason", "created_by"), MISSION, "trente ans", AGENTS),
    Held("conventions.TextVersion", "qui écrit, adopte", ("drafted_by", "adopted_by"), MISSION, FILE, AGENTS),
    Held("conventions.Withdrawal", "agent, motif", ("origin", "reason", "recorded_by"), MISSION, FILE, AGENTS),
    Held(
        "conventions.Ending",
        "agent, motif d'une fin",
        ("why", "reason", "recorded_by", "annulled_by", "annulled_because"),
        MISSION,
        FILE,
        AGENTS,
    ),
    Held("conventions.FormerConvention", "agent qui l'a reprise", ("imported_by",), MISSION, FILE, AGENTS),
    Held(
        "parties.Mandate",
        "qui a le pouvoir de signer",
        ("person", "function", "recorded_by"),
        "vérifier le pouvoir de qui signe",
        "suit les papiers signés par ce pouvoir",
        AGENTS,
    ),
    Held("parties.Figure", "qui a déclaré un chiffre", ("declared_by",), "savoir d'où il vient", FILE, AGENTS),
    Held("parties.PublicBody", "qui a déclaré une structure", ("declared_by",), "la vérifier", FILE, AGENTS),
    Held("parties.DirectoryUpdate", "agent", ("prepared_by", "settled_by"), MISSION, FILE, AGENTS),
    Held("parties.Issuer", "contact d'un émetteur", ("email", "phone"), "être joint", "tant qu'il sert", "tous"),
    Held(
        "accounts.User",
        "compte d'agent",
        ("name", "email", "password"),
        "donner accès aux dossiers",
        "fermé après 400 jours sans connexion ; le nom reste sur ce qui a été fait",
        ADMINISTRATORS,
        "le compte est fermé ; le nom reste : " + MISSION,
    ),
    Held(
        "accounts.OpenSession",
        "session",
        ("device", "address"),
        "voir et fermer ses sessions",
        "la session",
        "soi-même",
    ),
    Held("accounts.TotpSecret", "second facteur", ("sealed",), "protéger l'accès", "tant qu'il sert", "personne"),
    Held(
        "accounts.Passkey",
        "clé d'accès",
        ("credential", "credential_id", "name"),
        "se connecter",
        "tant qu'elle sert",
        "soi-même",
    ),
    Held("accounts.RecoveryCode", "code de secours", ("code_hash",), "se connecter", "jusqu'à l'emploi", "personne"),
    Held(
        "accounts.AccessLink",
        "lien d'un dossier",
        ("email",),
        "ouvrir le dossier à la bonne personne, et savoir qui l'a ouvert",
        "la durée du dossier",
        AGENTS,
    ),
    Held("accounts.OneTimeCode", "code à usage unique", ("subject", "paper"), "signer, entrer", FILE, "personne"),
    Held("accounts.Use", "essais", ("who",), "limiter les abus", "une journée", "personne"),
    Held("accounts.News", "nouvelle à un agent", ("title", "text"), "prévenir", "tant qu'elle sert", "soi-même"),
    Held(
        "outbox.Message",
        "courriel",
        ("recipient", "recipient_name", "subject", "text", "html", "last_error"),
        "prévenir, et le prouver",
        "comme la demande ; le fait de l'envoi reste",
        AGENTS,
        "destinataire et texte effacés avec le contact de la demande",
    ),
    Held("documents.Document", "papier", ("payload", "title"), "faire foi", "docs/operations.md, `retention`", AGENTS),
    Held("documents.Content", "fichier du papier", ("pdf",), "faire foi", "celle du papier", AGENTS),
    Held(
        "going_live.SignatureKey",
        "titulaire d'une clé de signature",
        ("holder_name", "holder_function", "holder_reason", "certificate_subject", "end_reason", "recorded_by"),
        "remettre et renouveler la clé",
        "dix ans (papiers que la clé a signés)",
        AGENTS,
    ),
    Held(
        "following.Intervention",
        "intervention",
        ("place", "note", "cancel_reason", "created_by"),
        MISSION,
        FILE,
        AGENTS,
    ),
    Held(
        "billing.BillingSettings",
        "comptable et ordonnateur",
        ("accountant_name", "officer_name", "officer_capacity", "recorded_by"),
        "établir factures et titres",
        "dix ans",
        AGENTS,
    ),
    Held(
        "billing.Statement",
        "payeur",
        ("rows", "received_by", "recorded_by"),
        "retrouver les factures payées",
        "dix ans",
        AGENTS,
    ),
    Held("billing.Payment", "payeur", ("payer", "note", "recorded_by"), "tenir les comptes", "dix ans", AGENTS),
    Held("journal.Entry", "journal", ("actor", "text", "details"), "établir qui a fait quoi", "sans limite", AGENTS),
    Held(
        "axes.AccessAttempt",
        "connexions refusées",
        ("user_agent", "ip_address", "username", "http_accept", "path_info", "get_data", "post_data"),
        "protéger les accès",
        "le temps du blocage",
        "personne",
    ),
)

BY_AGENTS = {
    "tariffs.GridVersion": ("adopted_by",),
    "jobs.Job": ("created_by",),
    "parties.IssuerLook": ("recorded_by",),
    "subscriptions.GivenPrice": ("reason", "given_by"),
    "subscriptions.Subscription": ("end_reason", "created_by"),
    "subscriptions.EndNote": ("reason", "recorded_by"),
    "subscriptions.QuantityChange": ("reason", "recorded_by"),
    "going_live.ChecklistVersion": ("adopted_by",),
    "going_live.Activation": ("waiting_for", "given_up", "cancel_reason"),
    "going_live.ActivationStep": ("waived_reason", "recorded_by"),
    "going_live.GoneLive": ("note", "recorded_by"),
    "following.DeadlineLetter": ("sender", "created_by"),
    "following.DeadlineDismissal": ("reason", "recorded_by"),
    "following.DueCharge": ("explanation", "on_request_reason", "recorded_by"),
    "following.ChargeAnnulment": ("reason", "recorded_by"),
    "billing.BillingRun": ("created_by",),
    "billing.Invoice": ("issued_by",),
    "billing.CreditNote": ("reason", "issued_by"),
    "billing.PaymentShare": ("recorded_by",),
    "billing.Reminder": ("recorded_by",),
    "billing.RevenueSlip": ("issued_by",),
    "billing.BuyerRequirement": ("recorded_by",),
    "billing.PortalFact": ("reason", "recorded_by"),
    "billing.PayingBack": ("reason", "recorded_by"),
    "billing.StatementColumns": ("recorded_by",),
}
"""Tables that name people only as the agents who wrote a row, and by what they wrote."""

REGISTER = (
    *NAMED,
    *(Held(table, "agent, et ce qu'il note", fields, MISSION, FILE, AGENTS) for table, fields in BY_AGENTS.items()),
)

WHY_KEPT = {
    "quotes": ARCHIVES,
    "conventions": ARCHIVES,
    "documents": PROOF,
    "journal": PROOF,
    "parties": ARCHIVES,
    "going_live": ARCHIVES,
    "billing": "comptabilité, dix ans : code de commerce, article L. 123-22",
    "accounts": MISSION,
    "following": MISSION,
    "subscriptions": MISSION,
    "tariffs": MISSION,
    "jobs": MISSION,
    "outbox": "prouve qu'une personne a été prévenue d'un acte",
}
"""Why what is not erased stays, by application."""


def why_kept(held: Held) -> str:
    """The reason, told to whoever asks for erasure."""
    return WHY_KEPT.get(held.table.partition(".")[0], "s'efface de soi-même, en un jour au plus")


def register_as_markdown() -> str:
    """The page of docs/: the register, and how a person's request is answered."""
    rows = [
        f"| {one.what} | `{one.table}` : {', '.join(f'`{name}`' for name in one.fields)} | {one.purpose} | {one.kept}"
        f" | {one.seen_by} | {one.erased or 'non : ' + why_kept(one)} |"
        for one in REGISTER
    ]
    return PAGE + "\n".join(rows) + "\n"


PAGE = """# Données personnelles

Tableau produit par le code (`upkeep/personal.py`), pour le registre des traitements de chaque émetteur (RGPD, article 30).
Fondement : mesures prises à la demande de la collectivité et mission d'intérêt public (article 6, 1, b et e). Rien n'est
transmis à un tiers ni hors de l'Union européenne par ce logiciel. Délégué à la protection des données : `TRIPARTITE_DPO`.
Presque toutes ces données disent qui agit **pour un organisme public** ; les papiers et le journal les gardent aussi
longtemps qu'eux-mêmes. Les sauvegardes les contiennent : les chiffrer hors du serveur.

## Répondre à une personne

| demande | commande |
|---|---|
| accès (article 15) | `tripartite person show ADRESSE` (ou un nom) : chaque ligne de chaque table qui la cite, et pourquoi |
| rectification (article 16) | `tripartite person rectify ADRESSE --email … --name … --phone …` : demandes et compte |
| effacement (article 17) | `tripartite person erase ADRESSE` dit ce qui s'efface, ce qui reste et pourquoi ; `--apply` efface |
| d'office, après la durée | `tripartite forget --apply` (demandes sans devis), `tripartite retention` (papiers échus) |

Un papier émis ne change pas ; un signataire se corrige à l'écran, avant de signer. Le journal dit qu'une demande a été
satisfaite, sans répéter ce qui est effacé. Vérifier d'abord qui demande.

## Le registre

| donnée | où | pour quoi | combien de temps | qui la voit | effacée sur demande |
|---|---|---|---|---|---|
"""  # noqa: E501 - the rows of a table are one line each
