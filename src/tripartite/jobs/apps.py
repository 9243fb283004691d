from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tripartite.jobs"
    label = "jobs"
