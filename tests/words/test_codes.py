"""A person reads words, not codes: each code that is shown has its French label. What is written: the stories."""

import sys
from enum import StrEnum

import pytest
from django.db.models import TextChoices

from tests.words.codes import enumerations, seen_in
from tripartite.accounts.rights import Role
from tripartite.cli.main import main
from tripartite.conventions.models import Signatory
from tripartite.parties.queries.bodies import name_of_issuer
from tripartite.tariffs.queries import name_of_service
from tripartite.web import urls

assert urls.urlpatterns  # the screens are loaded: some have tables of labels
READ_BY_NOBODY = {
    "Mode", "CodeChannel", "Tls",  # settings, explained in docs/configuration.md
    "Action", "Column",  # rights and queues: their own words are elsewhere in their module
    "Prorata", "Frequency", "Status", "Late", "Rhythm", "InvoicePer", "Moment", "Change",  # told by sentences
    "VatCategory", "Relationship",  # codes of the standards of invoices, said in their files alone
    "Level", "transport.Outcome", "reports.Kind", "reports.Verdict",  # told by the sentences of reports
}  # fmt: skip


def label_of(member):
    """The label of a code: its own, that of a choice, or of a table of the module where it is defined, or shown."""
    own = getattr(member, "label", None)
    if isinstance(own, str):
        return own
    ours = [module for name, module in sorted(sys.modules.items()) if name.startswith("tripartite.")]
    tables = [value for module in ours for value in vars(module).values() if type(value) is dict]
    named = (table[key] for table in tables for key in table if key is member)
    return next((label for label in named if isinstance(label, str)), None)


def _exempt(one):
    return one.__name__ in READ_BY_NOBODY or f"{one.__module__.split('.')[-1]}.{one.__name__}" in READ_BY_NOBODY


@pytest.mark.parametrize("one", list(enumerations()), ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_each_code_that_is_shown_has_its_label(one) -> None:
    if _exempt(one):
        return
    labels = {str(member): label_of(member) for member in one}
    assert None not in labels.values(), labels
    assert all(label.strip() for label in labels.values())
    if issubclass(one, TextChoices | StrEnum):
        known = {code for code in labels if "-" in code}
        assert not any(seen_in(label, known) for label in labels.values())


def test_a_code_in_a_text_is_seen() -> None:
    known = {"partly-signed", "quotes.issue", "beneficiary"}
    assert seen_in("Convention partly-signed, par beneficiary (quotes.issue).", known) == known
    assert seen_in("devis.partly-signed@exemple.fr, non-beneficiary", known) == set()


@pytest.mark.django_db
def test_what_data_names_is_said_by_its_name(adopted_grid, directory) -> None:
    on = adopted_grid.applies_from
    assert name_of_service("messagerie-5go", on=on) == "Messagerie, compte 5 Go"
    assert name_of_service("messagerie-5go", on=on.replace(year=2000)) == "Messagerie, compte 5 Go"
    assert name_of_service("inconnu", on=on) == "inconnu"
    assert (name_of_issuer("lfn"), name_of_issuer("cdg62")) == ("La Fibre Numérique 59-62", "CDG 62")
    assert str(Signatory(role="beneficiary")) == "signataire à désigner"


@pytest.mark.django_db
@pytest.mark.parametrize("said", ["responsable", "manager"])
def test_an_account_is_opened_by_the_word_of_its_role(adopted_grid, capsys, said) -> None:
    opened = ["account", "create", "--email", "a@exemple.fr", "--name", "Prénom NOM", "--issuer", "lfn", "--role"]
    assert main([*opened, said]) == 0
    assert main([*opened, "chef"]) == 1
    labels = ", ".join(role.label for role in Role)
    assert f"Rôle inconnu : « chef » ({labels})." in capsys.readouterr().err
