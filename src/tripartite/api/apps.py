from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tripartite.api"
    label = "api"
