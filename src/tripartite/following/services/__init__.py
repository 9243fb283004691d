"""What can be done to follow what runs. Each verb is one transaction, and journals."""
