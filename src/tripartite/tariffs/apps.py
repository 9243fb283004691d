from django.apps import AppConfig


class TariffsConfig(AppConfig):
    name = "tripartite.tariffs"
    label = "tariffs"
