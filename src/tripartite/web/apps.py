from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.urls import register_converter

from tripartite.web.shell.converters import Code


class WebConfig(AppConfig):
    name = "tripartite.web"
    label = "web"

    def ready(self) -> None:
        """Name the converter before the addresses that use it are read; count from whichever log-in."""
        from tripartite.web.shell.sessions import note_log_in  # noqa: PLC0415 - it knows the tables, read by now

        register_converter(Code, "code")
        user_logged_in.connect(note_log_in)
