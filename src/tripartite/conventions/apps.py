from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "tripartite.conventions"
    label = "conventions"
