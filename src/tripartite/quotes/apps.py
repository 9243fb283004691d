from django.apps import AppConfig


class QuotesConfig(AppConfig):
    name = "tripartite.quotes"
    label = "quotes"
