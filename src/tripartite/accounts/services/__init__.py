"""What can be done about who comes in. Each verb is one transaction, and journals."""
