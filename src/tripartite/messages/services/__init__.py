"""Writing the outbox: queued with the act that causes it, sent apart, its outcome kept."""

from tripartite.messages.services.queueing import MessageError, forget_messages, queue_message, requeue_message
from tripartite.messages.services.sending import Tally, send_due_messages

__all__ = ["MessageError", "Tally", "forget_messages", "queue_message", "requeue_message", "send_due_messages"]
