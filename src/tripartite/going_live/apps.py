from django.apps import AppConfig


class GoingLiveConfig(AppConfig):
    name = "tripartite.going_live"
    label = "going_live"
