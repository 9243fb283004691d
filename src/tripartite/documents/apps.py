from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "tripartite.documents"
    label = "documents"
