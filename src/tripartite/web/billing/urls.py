"""The addresses of billing."""

from django.urls import path

from tripartite.web.billing import (
    figures,
    home,
    invoice,
    invoices,
    owed,
    payments,
    reminders,
    runs,
    settings,
    slips,
    statements,
)

ONE = "factures/<int:invoice_id>/"
RUN = "facturation/campagnes/<int:run_id>/"
STATEMENT = "paiements/releves/<int:statement_id>/"
urlpatterns = [
    path("facturation/", home.home, name="billing-home"),
    path("facturation/campagne/", runs.preview, name="billing-preview"),
    path("facturation/campagne/projet.pdf", runs.draft, name="billing-draft"),
    path("facturation/campagne/emettre/", runs.start, name="billing-start"),
    path("facturation/campagnes/", runs.list_runs, name="billing-runs"),
    path(RUN, runs.show_run, name="billing-run"),
    path(f"{RUN}reprendre/", runs.retry, name="billing-retry"),
    path("facturation/papiers/<str:number>/<str:form>/", invoices.billing_file, name="billing-file"),
    path("facturation/reglages/", settings.billing_settings, name="billing-settings"),
    path("collectivites/<str:siren>/factures/", settings.requirement, name="body-requirement"),
    path("paiements/", payments.list_payments, name="payment-list"),
    path("paiements/noter/", payments.note, name="payment-note"),
    path("paiements/<int:payment_id>/", payments.show, name="payment"),
    path("paiements/<int:payment_id>/rapprocher/", payments.share, name="payment-share"),
    path("paiements/<int:payment_id>/rendre/", payments.give_back, name="payment-back"),
    path("paiements/<int:payment_id>/reconnu/", payments.settle, name="payment-settle"),
    path("paiements/releves/", statements.list_statements, name="statement-list"),
    path("paiements/releves/lire/", statements.send, name="statement-send"),
    path(STATEMENT, statements.show, name="statement"),
    path(f"{STATEMENT}colonnes/", statements.columns, name="statement-columns"),
    path(f"{STATEMENT}noter/", statements.note, name="statement-record"),
    path(f"{STATEMENT}oublier/", statements.drop, name="statement-drop"),
    path("restes-dus/", owed.show, name="owed-list"),
    path("relances/", reminders.show, name="reminder-list"),
    path("relances/faire/", reminders.start, name="reminder-start"),
    path("relances/projet/<str:siren>.pdf", reminders.draft, name="reminder-draft"),
    path("relances/lettres/<int:document_id>.pdf", reminders.letter, name="reminder-letter"),
    path("bordereaux/", slips.list_slips, name="slip-list"),
    path("bordereaux/faire/", slips.make, name="slip-make"),
    path("bordereaux/<int:slip_id>/", slips.show, name="slip"),
    path("bordereaux/<int:slip_id>/flux/", slips.write, name="slip-write"),
    path("bordereaux/<int:slip_id>/flux/<int:document_id>.xml", slips.flow, name="slip-flow"),
    path("chiffres/", figures.show, name="billing-figures"),
    path("factures/", invoices.list_invoices, name="invoice-list"),
    path(ONE, invoice.show, name="invoice"),
    path(f"{ONE}avis.pdf", invoice.notice, name="invoice-notice"),
    path(f"{ONE}avoir/", invoice.credit, name="invoice-credit"),
    path(f"{ONE}annuler/", invoice.cancel, name="invoice-cancel"),
    path(f"{ONE}paiement/", invoice.pay, name="invoice-pay"),
    path(f"{ONE}rapprochements/<int:share_id>/defaire/", invoice.undo, name="invoice-undo"),
    path(f"{ONE}relancer/", invoice.remind, name="invoice-remind"),
]
