from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "tripartite.billing"
    label = "billing"
