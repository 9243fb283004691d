from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "tripartite.upkeep"
    label = "upkeep"
