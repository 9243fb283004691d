"""What can be done with what runs. Each verb is one transaction, and journals."""
