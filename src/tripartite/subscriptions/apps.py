from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "tripartite.subscriptions"
    label = "subscriptions"
