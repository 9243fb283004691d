"""The addresses of billing."""

from django.urls import path

from tripartite.web.billing import home, invoice, invoices, runs

ONE = "factures/<int:invoice_id>/"
RUN = "facturation/campagnes/<int:run_id>/"
urlpatterns = [
    path("facturation/", home.home, name="billing-home"),
    path("facturation/campagne/", runs.preview, name="billing-preview"),
    path("facturation/campagne/emettre/", runs.start, name="billing-start"),
    path("facturation/campagnes/", runs.list_runs, name="billing-runs"),
    path(RUN, runs.show_run, name="billing-run"),
    path(f"{RUN}reprendre/", runs.retry, name="billing-retry"),
    path("facturation/papiers/<str:number>/<str:form>/", invoices.billing_file, name="billing-file"),
    path("factures/", invoices.list_invoices, name="invoice-list"),
    path(ONE, invoice.show, name="invoice"),
    path(f"{ONE}avoir/", invoice.credit, name="invoice-credit"),
    path(f"{ONE}annuler/", invoice.cancel, name="invoice-cancel"),
    path(f"{ONE}paiement/", invoice.pay, name="invoice-pay"),
    path(f"{ONE}rapprochements/<int:share_id>/defaire/", invoice.undo, name="invoice-undo"),
    path(f"{ONE}relancer/", invoice.remind, name="invoice-remind"),
]
