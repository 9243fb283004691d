from tripartite.subscriptions.services.errors import SubscriptionError


class GoingLiveError(SubscriptionError):
    """What cannot be done with what goes live; the message is French and says why.

    A verb of this step may also raise what it does to what runs raises: who catches that one catches both.
    """
