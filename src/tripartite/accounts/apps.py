from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tripartite.accounts"
    label = "accounts"
