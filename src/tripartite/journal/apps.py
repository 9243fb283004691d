from django.apps import AppConfig

from tripartite.databases import look_up_keys_in_a_list, mark_places_once, tell_columns_apart_cheaply


class JournalConfig(AppConfig):
    name = "tripartite.journal"
    label = "journal"

    def ready(self) -> None:
        """Before anything is read: this step is below all others."""
        look_up_keys_in_a_list()
        tell_columns_apart_cheaply()
        mark_places_once()
