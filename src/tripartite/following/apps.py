from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "tripartite.following"
    label = "following"
