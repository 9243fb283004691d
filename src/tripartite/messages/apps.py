from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "tripartite.messages"
    label = "outbox"  # Django's own « messages » has taken the other name
