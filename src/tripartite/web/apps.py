from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tripartite.web"
    label = "web"
