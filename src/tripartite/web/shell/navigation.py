"""What the header leads to, for whom: one list, filtered by the table of rights."""

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, get_script_prefix, reverse

from tripartite.accounts.rights import Action, Person, holds


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the header: the name of its address, its words, and the right it needs (None: public).

    An entry with members has no address of its own: it leads to the first that one may see, and all of them are shown
    under the header on their pages.
    """

    name: str
    label: str
    action: Action | None = None
    members: tuple["Entry", ...] = ()


MAIN = (
    Entry("estimator", "Estimer"),
    Entry("request-list", "Demandes", Action.REQUEST_READ),
    Entry("convention-list", "Conventions", Action.CONVENTION_READ),
    Entry(
        "",
        "Services",
        members=(
            Entry("activation-list", "Mises en service", Action.ACTIVATION_READ),
            Entry("subscription-list", "Abonnements", Action.SUBSCRIPTION_READ),
            Entry("key-list", "Clés de signature", Action.KEY_READ),
        ),
    ),
    Entry(
        "",
        "Facturation",
        members=(
            Entry("billing-home", "À facturer", Action.BILLING_READ),
            Entry("invoice-list", "Factures", Action.BILLING_READ),
            Entry("payment-list", "Paiements", Action.BILLING_READ),
            Entry("owed-list", "Restes dus", Action.BILLING_READ),
            Entry("reminder-list", "Relances", Action.BILLING_READ),
            Entry("slip-list", "Bordereaux", Action.REVENUE_ORDER),
            Entry("billing-figures", "Chiffres", Action.BILLING_READ),
        ),
    ),
    Entry("body-list", "Collectivités", Action.BODY_READ),
    Entry(
        "",
        "Calendrier",
        members=(
            Entry("agenda", "Agenda", Action.INTERVENTION_READ),
            Entry("deadline-list", "Échéances", Action.DEADLINE_READ),
        ),
    ),
    Entry("grid-current", "Tarif"),
)
ACCOUNT = (
    Entry("message-list", "Courriels", Action.MESSAGE_READ),
    Entry("grid-list", "Grilles tarifaires", Action.GRID_ADOPT),
    Entry("job-list", "Travaux", Action.JOB_READ),
    Entry("account-list", "Comptes", Action.ACCOUNTS_MANAGE),
    Entry("own-mandates", "Pouvoirs de signer", Action.MANDATE_RECORD),
    Entry("issuer-settings", "Identité et réglages", Action.ISSUER_SETTINGS),
    Entry("own-news", "Mes courriels", Action.REQUEST_READ),
    Entry("own-security", "Ma sécurité"),
    Entry("own-sessions", "Mes sessions"),
    Entry("password-change", "Changer de mot de passe"),
)


def links(entries: tuple[Entry, ...], person: Person, path: str) -> list[dict[str, str]]:
    """The entries that `person` may follow; `current` says « page », or « true » above the page at `path`."""
    found = []
    for entry in entries:
        if entry.members:
            found += _group(entry, person, path)
            continue
        if entry.action is not None and not holds(person, entry.action):
            continue
        url = _address(entry.name, get_script_prefix())
        if url is None:
            continue
        found.append({"url": url, "label": entry.label, "current": _current(url, path)})
    return found


@cache
def _address(name: str, prefix: str) -> str | None:  # noqa: ARG001 - an address begins with it
    """Where a page is: looked up once, the same for everyone; None for a page that is not served."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _group(entry: Entry, person: Person, path: str) -> list[dict[str, str]]:
    """The one link of a group: to its first member that `person` may see; none when there is none."""
    seen = links(entry.members, person, path)
    current = next((one["current"] for one in seen if one["current"]), "")
    return [{"url": seen[0]["url"], "label": entry.label, "current": "true" if current else ""}] if seen else []


def first_screen(person: Person) -> str:
    """The name of the address where somebody's work begins: what is to be billed for whoever bills and treats no
    request (an accountant), the requests for all others.
    """
    bills = holds(person, Action.BILLING_RUN) and not holds(person, Action.REQUEST_CREATE)
    return "billing-home" if bills else "request-list"


def section(entries: tuple[Entry, ...], person: Person, path: str) -> tuple[str, list[dict[str, str]]]:
    """The group that the page at `path` belongs to: its words, and its members that `person` may see."""
    for entry in entries:
        seen = links(entry.members, person, path)
        if any(one["current"] for one in seen):
            return entry.label, seen
    return "", []


def _current(url: str, path: str) -> str:
    if url == path:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
