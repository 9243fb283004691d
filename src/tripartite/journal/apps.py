from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "tripartite.journal"
    label = "journal"
