"""What is kept of people: every column is registered; a person's request is answered, table by table."""

import pytest
from django.apps import apps
from django.db import models

from tests.factories import conventions, parties, quotes
from tests.factories.accounts import TESTER
from tripartite.cli.main import main
from tripartite.journal.models import Entry
from tripartite.quotes.models import Request
from tripartite.quotes.services.requests import Contact, create_request
from tripartite.upkeep.personal import REGISTER
from tripartite.upkeep.queries.person import rows_about

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField)
ABOUT_NOBODY = {
    "journal.Entry": "action subject_kind subject_id",
    "jobs.Job": "kind title parameters once",
    "jobs.JobUnit": "key words outcome",
    "outbox.Message": "kind message_id about_kind about_id claim",
    "outbox.Attachment": "name",
    "documents.Counter": "issuer series",
    "documents.Document": "kind issuer number model sha256 media_type",
    "parties.PublicBody": "siren siret name department departments code_insee"
    " postal_codes address client_class former_traits usual_names source",
    "parties.CommuneMovement": "code name into into_name source",
    "parties.DirectoryUpdate": "department report",
    "parties.UpdateFile": "name layout source sha256 content table findings",
    "parties.Figure": "source",
    "parties.Issuer": "code name short_name siret address place website quote_conditions",
    "documents.Picture": "sha256 png",
    "parties.IssuerLook": "name short_name colour dark_colour logo_alt",
    "parties.Mandate": "organ number covers",
    "parties.DirectoryRevision": "token",
    "accounts.Passkey": "site",
    "accounts.RecoveryCode": "group",
    "accounts.OpenSession": "session_key",
    "accounts.AccessLink": "token_hash",
    "accounts.OneTimeCode": "purpose salt code_hash",
    "accounts.Use": "purpose",
    "tariffs.GridVersion": "code offer title body text sha256",
    "quotes.Request": "reference offer order amends_number token",
    "quotes.DeclaredFigure": "measure",
    "quotes.OnRequestPrice": "issuer service charge fingerprint",
    "quotes.QuoteVersion": "grid order estimate what_changed",
    "quotes.Quote": "issuer number",
    "quotes.QuoteLine": "service charge options quantity frequency status reason",
    "conventions.TextVersion": "code kind offer title text sha256 adopting_act",
    "conventions.Convention": "number changes original_place",
    "conventions.Signatory": "role",
    "conventions.Withdrawal": "line",
    "conventions.Ending": "ground label effect role",
    "conventions.FormerConvention": "programme offer source",
    "conventions.HeldService": "service quantity",
    "subscriptions.Notice": "name text",
    "subscriptions.GivenPrice": "offer issuer service charge options quantity",
    "subscriptions.Subscription": "service options name",
    "subscriptions.QuantityChange": "line removed grid facts",
    "going_live.ChecklistVersion": "code offer title text sha256",
    "going_live.Activation": "service name line grid facts",
    "going_live.ActivationStep": "code name by",
    "going_live.GoneLive": "line",
    "going_live.SignatureKey": "serial certificate_issuer fingerprint",
    "following.DeadlineLetter": "kind",
    "following.DeadlineDismissal": "key",
    "following.Intervention": "service",
    "following.DueCharge": "issuer service charge grid quantity",
    "following.CalendarFeed": "secret_hash",
    "billing.BillingRun": "issuer frequencies units",
    "billing.Invoice": "issuer number buyer_name buyer_siret service_code engagement_number",
    "billing.CreditNote": "issuer number",
    "billing.BilledLine": "service service_name charge charge_name frequency"
    " kind quantity explanation grid citation quotes",
    "billing.BilledItem": "key digest",
    "billing.Payment": "issuer reference source source_key",
    "billing.Statement": "issuer name digest account",
    "billing.StatementColumns": "issuer columns",
    "billing.PortalFact": "words source digest",
    "billing.RevenueSlip": "issuer budget",
    "billing.RevenueOrder": "issuer budget account function",
    "billing.BillingSettings": "issuer threshold_source prefix vat_number vat_mention iban bic accountant_address"
    " accountant_post collectivity_code budget_code budget_name revenue_account revenue_function"
    " appeal_text appeal_source bank_reference collection_centre debtor_categories issuer_category pes_file_type"
    " product_code settlement_text talon title_nature late_penalties late_recovery late_discount",
    "billing.BuyerRequirement": "issuer service_code engagement_number",
    "upkeep.WorkerSeen": "name",
}
"""Columns of text that say nothing of a person: codes, tariffs, public bodies, prints of papers."""
OTHERS = {"auth", "contenttypes", "sessions", "django_tasks_database", "axes"}
EMAIL = "secretariat@mairie.exemple.fr"


def columns(model):
    return {one.name for one in model._meta.local_fields if isinstance(one, TEXTS) and not one.choices}


def test_every_column_of_text_is_registered_or_about_nobody():
    known = {one.table: set(one.fields) for one in REGISTER}
    unsaid, gone = {}, {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in OTHERS:
            said = known.get(model._meta.label, set()) | set(ABOUT_NOBODY.get(model._meta.label, "").split())
            unsaid |= {model._meta.label: left} if (left := columns(model) - said) else {}
            gone |= {model._meta.label: left} if (left := said - columns(model)) else {}
    assert (unsaid, gone, len(known)) == ({}, {}, len(REGISTER))


def asked(email=EMAIL):
    contact = Contact("Prénom NOM", "Secrétaire de mairie", email, "01 23 45 67 89")
    order = {"lines": [{"service": "messagerie-5go", "quantity": 4}]}
    return create_request(
        beneficiary_id=parties.body().pk, order=order, contact=contact, origin="public", actor=TESTER, at=quotes.AT
    )


@pytest.mark.django_db
@pytest.mark.parametrize("held", REGISTER, ids=lambda one: one.table)
def test_each_table_of_the_register_can_be_searched(held):
    assert list(rows_about("personne@nulle-part.exemple.fr")) == []
    assert apps.get_model(held.table)._default_manager.count() == 0


@pytest.mark.usefixtures("adopted_grid", "directory")
def test_a_person_is_shown_corrected_then_erased(capsys):
    request = asked()
    assert main(["person", "show", EMAIL.upper()]) == 0
    shown = capsys.readouterr().out
    assert (f"contact d'une demande (quotes.Request {request.pk})" in shown, f"contact_email : {EMAIL}" in shown) == (
        True,
        True,
    )

    new = "mairie@mairie.exemple.fr"
    assert main(["person", "rectify", EMAIL, "--email", new, "--name", "Autre NOM"]) == 0
    request.refresh_from_db()
    assert (request.contact_name, request.contact_email, request.contact_function) == (
        "Autre NOM",
        new,
        "Secrétaire de mairie",
    )
    assert main(["person", "erase", new]) == 0
    assert Request.objects.get(pk=request.pk).contact_email == new
    assert main(["person", "erase", new, "--apply"]) == 0
    assert Request.objects.get(pk=request.pk).contact_email == ""
    last = Entry.objects.get(action="upkeep.erase-person")
    assert (last.text, new in str(last.details)) == ("Demande d'effacement : 1 changement.", False)


@pytest.mark.django_db
def test_what_a_quote_and_a_convention_rest_on_is_kept_and_why_is_said(capsys):
    conventions.offer()
    convention = conventions.drafted()
    asked_for = Request.objects.get(pk=convention.request_id)
    assert main(["person", "erase", asked_for.contact_email, "--apply"]) == 0
    said = capsys.readouterr().out
    assert Request.objects.get(pk=asked_for.pk).contact_email == asked_for.contact_email
    assert "Rien à effacer." in said
    assert f"reste : contact d'une demande (quotes.Request {asked_for.pk})" in said
    assert "code du patrimoine, articles L. 212-2 et L. 212-3" in said
    assert main(["person", "show", "nobody@exemple.fr"]) == 1
