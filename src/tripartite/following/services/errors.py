from tripartite.subscriptions.services.errors import SubscriptionError


class FollowingError(SubscriptionError):
    """What cannot be done to follow what runs; the message is French and says why.

    A verb of this step may also raise what it does to what runs raises: who catches that one catches both.
    """
