"""What can be done to a request and its quotes. Each verb is one transaction, and journals."""
