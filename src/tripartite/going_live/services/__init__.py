"""What can be done with what goes live. Each verb is one transaction, and journals."""
