from django.apps import AppConfig
from django.urls import register_converter

from tripartite.web.shell.converters import Code


class WebConfig(AppConfig):
    name = "tripartite.web"
    label = "web"

    def ready(self) -> None:
        """Name the converter before the addresses that use it are read."""
        register_converter(Code, "code")
