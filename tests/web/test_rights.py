"""Every address of the screens against the table of rights: nobody, each role of each issuer."""

from typing import NamedTuple

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import account
from tests.web.conftest import words
from tripartite.accounts.rights import RIGHTS, Action, Role
from tripartite.parties.queries.bodies import issuer_by_code
from tripartite.pricing.naming import complement
from tripartite.quotes.queries.requests import request_list
from tripartite.web.urls import urlpatterns

READ, SEND = "get", "post"
REQUEST = {"reference": "D-2026-00005"}
BODY = {"siren": "216207274"}
ACCOUNT = {"account_id": 1}
UPDATE = {"update_id": 1}
FORMER = {"former_id": 1}
GRID = {"code": "cdg62/2024-03-26"}
INTERVENTION = {"intervention_id": 1}
DEADLINE = {"key": "convention-end-1-2029-11-22"}
CONVENTION = {"convention_id": 1}
SUBSCRIPTION = {"subscription_id": 1}
KEY = {"key_id": 1}
SIGNATORY = CONVENTION | {"signatory_id": 1}
ACTIVATION = {"activation_id": 1}
INVOICE = {"invoice_id": 1}
STEP = ACTIVATION | {"step_id": 1}
PEOPLE = [(role, issuer) for issuer in ("lfn", "cdg62") for role in Role]
ORDER = "?siren=216207274&antivirus=3"


class Door(NamedTuple):
    """How an address is called, and the action it needs (None: public)."""

    methods: tuple[str, ...]
    action: Action | None = None
    kwargs: dict[str, object] = {}  # noqa: RUF012 - never written to
    query: str = ""
    account: bool = False
    """Any account may come in, none without one."""


DOORS = {
    "estimator": Door((READ,)),
    "body-options": Door((READ,)),
    "request-estimate": Door((READ,), Action.REQUEST_CREATE),
    "request-options": Door((READ,), Action.REQUEST_CREATE),
    "request-quotes": Door((READ, SEND), query=ORDER),
    "request-received": Door((READ,), kwargs={"sealed": "x"}),
    "grid-current": Door((READ,)),
    "legal": Door((READ,)),
    "personal-data": Door((READ,)),
    "accessibility": Door((READ,)),
    "looks-style": Door((READ,)),
    "issuer-logo": Door((READ,), kwargs={"sha256": "x"}),
    "login": Door((READ, SEND)),
    "logout": Door((SEND,)),
    "login-factor": Door((READ, SEND), account=True),
    "login-enrol": Door((READ,), account=True),
    "login-passkey": Door((READ, SEND)),
    "password-change": Door((READ, SEND), account=True),
    "password-forgotten": Door((READ, SEND)),
    "password-reset": Door((READ, SEND), kwargs={"secret": "x"}),
    "prove-again": Door((READ, SEND), account=True),
    "own-security": Door((READ,), account=True),
    "totp-add": Door((READ, SEND), account=True),
    "totp-remove": Door((SEND,), account=True),
    "passkey-add": Door((READ, SEND), account=True),
    "passkey-remove": Door((SEND,), account=True, kwargs={"passkey_id": 1}),
    "codes-renew": Door((SEND,), account=True),
    "own-sessions": Door((READ,), account=True),
    "own-sessions-close": Door((SEND,), account=True),
    "own-session-close": Door((SEND,), account=True, kwargs={"session_id": 1}),
    "request-list": Door((READ,), Action.REQUEST_READ),
    "request-new": Door((READ, SEND), Action.REQUEST_CREATE, query=ORDER),
    "request-revise": Door((READ, SEND), Action.REQUEST_REVISE, REQUEST, ORDER),
    "request": Door((READ,), Action.REQUEST_READ, REQUEST),
    "request-price": Door((SEND,), Action.LINE_PRICE, REQUEST),
    "request-issue": Door((SEND,), Action.QUOTES_ISSUE, REQUEST),
    "request-preview": Door((READ,), Action.REQUEST_READ, REQUEST | {"issuer": "autre"}),
    "request-zip": Door((READ,), Action.REQUEST_READ, REQUEST | {"version": 9}),
    "request-duplicate": Door((SEND,), Action.REQUEST_CREATE, REQUEST),
    "request-cancel": Door((SEND,), Action.REQUEST_CANCEL, REQUEST),
    "request-renew": Door((SEND,), Action.CONVENTION_WRITE, REQUEST),
    "request-send": Door((SEND,), Action.QUOTES_ISSUE, REQUEST),
    "request-confirm-figure": Door((SEND,), Action.FIGURE_DECLARE, REQUEST | {"figure_id": 1}),
    "request-contact": Door((SEND,), Action.REQUEST_REVISE, REQUEST),
    "request-set-aside": Door((SEND,), Action.MANDATE_RECORD, REQUEST | {"document_id": 1}),
    "request-deposit": Door((READ,), Action.REQUEST_READ, REQUEST | {"document_id": 1}),
    "quote-pdf": Door((READ,), Action.REQUEST_READ, {"number": "LFN-2026-00110"}),
    "body-list": Door((READ,), Action.BODY_READ),
    "body-create": Door((READ, SEND), Action.BODY_CREATE),
    "body": Door((READ,), Action.BODY_READ, BODY),
    "body-confirm": Door((SEND,), Action.BODY_CREATE, BODY),
    "body-merge": Door((SEND,), Action.BODY_CREATE, BODY),
    "body-end": Door((SEND,), Action.DIRECTORY_UPDATE, BODY),
    "directory-updates": Door((READ,), Action.BODY_READ),
    "directory-update": Door((READ,), Action.BODY_READ, UPDATE),
    "directory-apply": Door((SEND,), Action.DIRECTORY_UPDATE, UPDATE),
    "directory-complete": Door((SEND,), Action.DIRECTORY_UPDATE, UPDATE),
    "directory-give-up": Door((SEND,), Action.DIRECTORY_UPDATE, UPDATE),
    "body-complete": Door((SEND,), Action.BODY_CREATE, BODY),
    "body-figure": Door((SEND,), Action.FIGURE_DECLARE, BODY),
    "grid-list": Door((READ,), Action.GRID_READ),
    "grid": Door((READ,), Action.GRID_READ, GRID),
    "grid-adopt": Door((SEND,), Action.GRID_ADOPT, GRID),
    "job-list": Door((READ,), Action.JOB_READ),
    "job": Door((READ,), Action.JOB_READ, {"job_id": 1}),
    "job-daily": Door((SEND,), Action.JOB_START),
    "job-retry": Door((SEND,), Action.JOB_START, {"job_id": 1}),
    "job-stop": Door((SEND,), Action.JOB_START, {"job_id": 1}),
    "message-list": Door((READ,), Action.MESSAGE_READ),
    "message": Door((READ,), Action.MESSAGE_READ, {"message_id": 1}),
    "message-html": Door((READ,), Action.MESSAGE_READ, {"message_id": 1}),
    "message-attachment": Door((READ,), Action.MESSAGE_READ, {"message_id": 1, "attachment_id": 1}),
    "message-resend": Door((SEND,), Action.MESSAGE_RESEND, {"message_id": 1}),
    "deliberation-pdf": Door((READ,), Action.REQUEST_READ, REQUEST),
    "deliberation-odt": Door((READ,), Action.REQUEST_READ, REQUEST),
    "request-accept": Door((SEND,), Action.ANSWER_RECORD, REQUEST),
    "request-refuse": Door((SEND,), Action.ANSWER_RECORD, REQUEST),
    "request-justify": Door((SEND,), Action.MANDATE_RECORD, REQUEST),
    "request-papers": Door((READ,), Action.REQUEST_READ, REQUEST),
    "convention-list": Door((READ,), Action.CONVENTION_READ),
    "convention": Door((READ,), Action.CONVENTION_READ, CONVENTION),
    "convention-paper": Door((READ,), Action.CONVENTION_READ, CONVENTION),
    "signature-paper": Door((READ,), Action.CONVENTION_READ, SIGNATORY),
    "signature-proof": Door((READ,), Action.CONVENTION_READ, SIGNATORY),
    "signature-trace": Door((READ,), Action.TRACE_READ, SIGNATORY),
    "accord-trace": Door((READ,), Action.TRACE_READ, {"number": "LFN-2026-00110"}),
    "convention-draft": Door((SEND,), Action.CONVENTION_WRITE, REQUEST),
    "convention-amend": Door((READ, SEND), Action.REQUEST_CREATE, CONVENTION),
    "convention-term": Door((SEND,), Action.CONVENTION_WRITE, CONVENTION),
    "convention-changes": Door((SEND,), Action.CONVENTION_WRITE, CONVENTION),
    "convention-send": Door((SEND,), Action.CONVENTION_WRITE, CONVENTION),
    "convention-abandon": Door((SEND,), Action.CONVENTION_WRITE, CONVENTION),
    "convention-end": Door((READ, SEND), Action.CONVENTION_WRITE, CONVENTION),
    "ending-annul": Door((SEND,), Action.CONVENTION_WRITE, CONVENTION | {"ending_id": 1}),
    "signatory": Door((SEND,), Action.CONVENTION_WRITE, SIGNATORY),
    "refuse-to-sign": Door((SEND,), Action.SIGNATURE_RECORD, SIGNATORY),
    "sign-on-paper": Door((SEND,), Action.SIGNATURE_RECORD, SIGNATORY),
    "sign-outside": Door((SEND,), Action.SIGNATURE_RECORD, SIGNATORY),
    "body-mandates": Door((READ, SEND), Action.MANDATE_RECORD, BODY),
    "own-mandates": Door((READ, SEND), Action.MANDATE_RECORD),
    "mandate-complete": Door((READ, SEND), Action.MANDATE_RECORD, {"mandate_id": 1}),
    "mandate-end": Door((SEND,), Action.MANDATE_RECORD, {"mandate_id": 1}),
    "mandate-scan": Door((READ,), Action.CONVENTION_READ, {"mandate_id": 1}),
    "key-list": Door((READ,), Action.KEY_READ),
    "key": Door((READ,), Action.KEY_READ, KEY),
    "key-certificate": Door((READ,), Action.KEY_READ, KEY),
    "key-deposit": Door((READ, SEND), Action.KEY_WRITE, BODY),
    "key-hand-over": Door((SEND,), Action.KEY_WRITE, KEY),
    "key-revoke": Door((SEND,), Action.KEY_WRITE, KEY),
    "key-renew": Door((SEND,), Action.KEY_WRITE, KEY),
    "key-keep": Door((SEND,), Action.KEY_WRITE, KEY),
    "key-open-renewal": Door((SEND,), Action.KEY_WRITE, KEY),
    "key-campaign": Door((READ,), Action.KEY_READ),
    "key-campaign-prepare": Door((SEND,), Action.KEY_WRITE),
    "text-list": Door((READ,), Action.CONVENTION_READ),
    "text-write": Door((READ, SEND), Action.TEXT_WRITE),
    "text-adopt": Door((SEND,), Action.TEXT_WRITE, {"code": "x"}),
    "text-preview": Door((READ,), Action.CONVENTION_READ, {"code": "x"}),
    "text": Door((READ,), Action.CONVENTION_READ, {"code": "x"}),
    "verification": Door((READ, SEND)),
    "health": Door((READ,)),
    "metrics": Door((READ,)),
    "space": Door((READ,)),
    "space-link": Door((READ, SEND), kwargs={"token": "x"}),
    "space-new-link": Door((READ, SEND)),
    "space-leave": Door((SEND,)),
    "space-accept": Door((SEND,)),
    "space-references": Door((SEND,)),
    "space-refuse": Door((SEND,)),
    "space-deposit": Door((SEND,)),
    "space-paper": Door((READ,), kwargs={"document_id": 1}),
    "space-convention": Door((READ,), kwargs=CONVENTION),
    "space-code": Door((SEND,), kwargs=CONVENTION),
    "space-sign": Door((SEND,), kwargs=CONVENTION),
    "space-refuse-to-sign": Door((SEND,), kwargs=CONVENTION),
    "convention-code": Door((SEND,), Action.SIGNATURE_RECORD, SIGNATORY),
    "cohort-list": Door((READ,), Action.CONVENTION_READ),
    "cohort-model": Door((READ,), Action.COHORT_IMPORT),
    "cohort-import": Door((READ, SEND), Action.COHORT_IMPORT),
    "former": Door((READ,), Action.CONVENTION_READ, FORMER),
    "former-prepare": Door((SEND,), Action.REQUEST_CREATE, FORMER),
    "activation-list": Door((READ,), Action.ACTIVATION_READ),
    "activation": Door((READ,), Action.ACTIVATION_READ, ACTIVATION),
    "step-settle": Door((SEND,), Action.STEP_SETTLE, STEP),
    "step-waive": Door((SEND,), Action.STEP_SETTLE, STEP),
    "step-reopen": Door((SEND,), Action.STEP_SETTLE, STEP),
    "activation-live": Door((SEND,), Action.ACTIVATION_WRITE, ACTIVATION),
    "activation-plan": Door((SEND,), Action.ACTIVATION_WRITE, ACTIVATION),
    "activation-cancel": Door((SEND,), Action.ACTIVATION_WRITE, ACTIVATION),
    "agenda": Door((READ,), Action.INTERVENTION_READ),
    "agenda-time": Door((READ,), Action.INTERVENTION_READ),
    "body-interventions": Door((READ,), Action.INTERVENTION_READ, BODY),
    "intervention-note": Door((SEND,), Action.INTERVENTION_RECORD, BODY),
    "intervention-plan": Door((SEND,), Action.INTERVENTION_RECORD, BODY),
    "intervention": Door((READ,), Action.INTERVENTION_READ, INTERVENTION),
    "intervention-done": Door((SEND,), Action.INTERVENTION_RECORD, INTERVENTION),
    "intervention-move": Door((SEND,), Action.INTERVENTION_RECORD, INTERVENTION),
    "intervention-cancel": Door((SEND,), Action.INTERVENTION_RECORD, INTERVENTION),
    "intervention-correct": Door((SEND,), Action.INTERVENTION_RECORD, INTERVENTION),
    "intervention-annul": Door((SEND,), Action.INTERVENTION_RECORD, INTERVENTION),
    "feed-make": Door((SEND,), Action.INTERVENTION_READ, {"kind": "agenda"}),
    "feed-revoke": Door((SEND,), Action.INTERVENTION_READ, {"kind": "agenda"}),
    "calendar-feed": Door((READ,), kwargs={"secret": "x"}),
    "deadline-list": Door((READ,), Action.DEADLINE_READ),
    "digest-wish": Door((SEND,), Action.DEADLINE_READ),
    "deadline": Door((READ,), Action.DEADLINE_READ, DEADLINE),
    "deadline-preview": Door((READ,), Action.DEADLINE_PREPARE, DEADLINE),
    "deadline-dismiss": Door((SEND,), Action.DEADLINE_PREPARE, DEADLINE),
    "deadline-letter": Door((SEND,), Action.DEADLINE_PREPARE, DEADLINE),
    "deadline-renew": Door((SEND,), Action.DEADLINE_PREPARE, DEADLINE),
    "letter": Door((READ,), Action.DEADLINE_READ, {"letter_id": 1}),
    "account-list": Door((READ,), Action.ACCOUNTS_MANAGE),
    "log-in-list": Door((READ,), Action.ACCOUNTS_MANAGE),
    "account-create": Door((READ, SEND), Action.ACCOUNTS_MANAGE),
    "account-change": Door((READ, SEND), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "account-close": Door((SEND,), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "account-reopen": Door((SEND,), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "account-password": Door((SEND,), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "account-factors": Door((SEND,), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "account-sessions": Door((SEND,), Action.ACCOUNTS_MANAGE, ACCOUNT),
    "own-news": Door((READ, SEND), Action.REQUEST_READ),
    "issuer-settings": Door((READ, SEND), Action.ISSUER_SETTINGS),
    "issuer-look": Door((READ, SEND), Action.ISSUER_SETTINGS),
    "body-due": Door((READ,), Action.SUBSCRIPTION_READ, BODY),
    "price-list": Door((READ,), Action.SUBSCRIPTION_READ),
    "price-give": Door((SEND,), Action.LINE_PRICE),
    "subscription-list": Door((READ,), Action.SUBSCRIPTION_READ),
    "subscription": Door((READ,), Action.SUBSCRIPTION_READ, SUBSCRIPTION),
    "subscription-reduce": Door((SEND,), Action.SUBSCRIPTION_WRITE, SUBSCRIPTION),
    "subscription-end": Door((SEND,), Action.SUBSCRIPTION_WRITE, SUBSCRIPTION),
    "subscription-correct": Door((SEND,), Action.SUBSCRIPTION_WRITE, SUBSCRIPTION),
    "subscription-change": Door((SEND,), Action.SUBSCRIPTION_WRITE, SUBSCRIPTION | {"change_id": 1}),
    "body-services": Door((READ,), Action.SUBSCRIPTION_READ, BODY),
    "category-changes": Door((READ,), Action.SUBSCRIPTION_READ),
    "billing-home": Door((READ,), Action.BILLING_READ),
    "billing-preview": Door((READ,), Action.BILLING_READ),
    "billing-draft": Door((READ,), Action.BILLING_READ),
    "billing-start": Door((SEND,), Action.BILLING_RUN),
    "billing-runs": Door((READ,), Action.BILLING_READ),
    "billing-run": Door((READ,), Action.BILLING_READ, {"run_id": 1}),
    "billing-retry": Door((SEND,), Action.BILLING_RUN, {"run_id": 1}),
    "billing-file": Door((READ,), Action.BILLING_READ, {"number": "LFN-2026-00001", "form": "pdf"}),
    "billing-settings": Door((READ, SEND), Action.BILLING_SETTINGS),
    "body-requirement": Door((READ, SEND), Action.BUYER_RECORD, BODY),
    "payment-list": Door((READ,), Action.BILLING_READ),
    "payment-note": Door((SEND,), Action.PAYMENT_RECORD),
    "payment": Door((READ,), Action.BILLING_READ, {"payment_id": 1}),
    "payment-back": Door((SEND,), Action.PAYMENT_RECORD, {"payment_id": 1}),
    "payment-settle": Door((SEND,), Action.PAYMENT_RECORD, {"payment_id": 1}),
    "payment-share": Door((SEND,), Action.PAYMENT_RECORD, {"payment_id": 1}),
    "owed-list": Door((READ,), Action.BILLING_READ),
    "slip-list": Door((READ,), Action.REVENUE_ORDER),
    "slip-make": Door((SEND,), Action.REVENUE_ORDER),
    "slip": Door((READ,), Action.REVENUE_ORDER, {"slip_id": 1}),
    "slip-write": Door((SEND,), Action.REVENUE_ORDER, {"slip_id": 1}),
    "slip-answer": Door((SEND,), Action.REVENUE_ORDER, {"slip_id": 1}),
    "slip-flow": Door((READ,), Action.REVENUE_ORDER, {"slip_id": 1, "document_id": 1}),
    "reminder-list": Door((READ,), Action.BILLING_READ),
    "reminder-start": Door((SEND,), Action.PAYMENT_RECORD),
    "reminder-draft": Door((READ,), Action.BILLING_READ, BODY),
    "reminder-letter": Door((READ,), Action.BILLING_READ, {"document_id": 1}),
    "billing-figures": Door((READ,), Action.BILLING_READ),
    "credit-note-list": Door((READ,), Action.BILLING_READ),
    "invoice-list": Door((READ,), Action.BILLING_READ),
    "invoice": Door((READ,), Action.BILLING_READ, INVOICE),
    "invoice-notice": Door((READ,), Action.BILLING_READ, INVOICE),
    "invoice-credit": Door((SEND,), Action.BILLING_CREDIT, INVOICE),
    "invoice-cancel": Door((SEND,), Action.BILLING_CREDIT, INVOICE),
    "invoice-pay": Door((SEND,), Action.PAYMENT_RECORD, INVOICE),
    "invoice-undo": Door((SEND,), Action.PAYMENT_RECORD, INVOICE | {"share_id": 1}),
    "invoice-remind": Door((SEND,), Action.PAYMENT_RECORD, INVOICE),
    "portal": Door((READ,), Action.BILLING_READ),
    "portal-read": Door((SEND,), Action.PAYMENT_RECORD),
    "return-list": Door((READ,), Action.BILLING_READ),
    "return-read": Door((SEND,), Action.PAYMENT_RECORD),
    "statement-list": Door((READ,), Action.BILLING_READ),
    "statement-send": Door((SEND,), Action.PAYMENT_RECORD),
    "statement": Door((READ,), Action.BILLING_READ, {"statement_id": 1}),
    "statement-columns": Door((SEND,), Action.PAYMENT_RECORD, {"statement_id": 1}),
    "statement-record": Door((SEND,), Action.PAYMENT_RECORD, {"statement_id": 1}),
    "statement-drop": Door((SEND,), Action.PAYMENT_RECORD, {"statement_id": 1}),
    "tariff-effect": Door((READ,), Action.SUBSCRIPTION_READ, {"code": "cdg62/2024-03-26"}),
}
GUARDED = {name: door for name, door in DOORS.items() if door.action}
SENT = [name for name, door in GUARDED.items() if SEND in door.methods]

pytestmark = pytest.mark.django_db


def path(name):
    return reverse(name, kwargs=DOORS[name].kwargs) + DOORS[name].query


def somebody(role, issuer):
    client = Client()
    client.force_login(account(role=role, issuer_code=issuer))
    return client


def test_every_address_is_in_the_table_and_its_guard_is_the_one_said() -> None:
    guards = {pattern.name: getattr(pattern.callback, "action", None) for pattern in urlpatterns}
    assert guards == {name: door.action for name, door in DOORS.items()}


def test_every_action_of_a_door_is_in_the_table_of_rights() -> None:
    assert {door.action for door in GUARDED.values()} <= set().union(*RIGHTS.values())


@pytest.mark.parametrize("name", GUARDED)
def test_nobody_comes_in_without_logging_in(asked, client, name) -> None:
    for method in DOORS[name].methods:
        answer = getattr(client, method)(path(name))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("login"))
    assert quotes.reread(asked).state == "received"


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if door not in GUARDED.values()])
def test_public_addresses_ask_for_no_account(asked, client, name) -> None:
    for method in DOORS[name].methods:
        answer = getattr(client, method)(path(name))
        sent_away = answer.status_code == 302 and answer["Location"].startswith(reverse("login"))
        assert sent_away is DOORS[name].account
        assert answer.status_code != 403


@pytest.mark.parametrize(("role", "issuer"), PEOPLE, ids=[f"{role}-{issuer}" for role, issuer in PEOPLE])
def test_each_role_of_each_issuer_goes_where_the_table_says(asked, role, issuer) -> None:
    client = somebody(role, issuer)
    wrong = []
    for name, door in GUARDED.items():
        for method in sorted(door.methods):
            answer = getattr(client, method)(path(name))
            allowed = door.action in RIGHTS[role]
            if (answer.status_code != 403) is not allowed or answer.status_code >= 500:
                wrong.append((name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", SENT)
def test_what_is_refused_changes_nothing(asked, name) -> None:
    before = vars_of(asked), request_list().count(), vars_of(issuer_by_code("lfn"))
    for role in (role for role in Role if DOORS[name].action not in RIGHTS[role]):
        answer = somebody(role, "lfn").post(path(name), {"reason": "Essai.", "seen": ""})
        assert answer.status_code == 403
        assert (
            f"({role.label}, La Fibre Numérique 59-62) ne permet pas {complement(DOORS[name].action.label)}"
            in words(answer)
        )
    assert (vars_of(quotes.reread(asked)), request_list().count(), vars_of(issuer_by_code("lfn"))) == before


def vars_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_role_changed_counts_at_once(asked) -> None:
    client = Client()
    one = account(role=Role.AGENT, issuer_code="lfn")
    client.force_login(one)
    assert client.get(path("request-new")).status_code == 200
    somebody(Role.ADMINISTRATOR, "lfn").post(
        reverse("account-change", args=[one.pk]), {"name": one.name, "role": Role.ACCOUNTANT}
    )
    assert client.get(path("request-new")).status_code == 403


def test_a_closed_account_is_nobody(asked) -> None:
    client = Client()
    one = account(role=Role.AGENT, issuer_code="lfn")
    client.force_login(one)
    somebody(Role.ADMINISTRATOR, "lfn").post(reverse("account-close", args=[one.pk]))
    assert client.get(path("request")).status_code == 302
