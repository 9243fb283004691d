"""What can be done with a convention. Each verb is one transaction, and journals."""
