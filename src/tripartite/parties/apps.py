from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "tripartite.parties"
    label = "parties"
