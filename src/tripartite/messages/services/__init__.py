"""Writing the outbox: queued with the act that causes it, sent apart, its outcome kept."""
