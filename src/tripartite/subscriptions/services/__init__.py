"""What can be done with what goes live and runs. Each verb is one transaction, and journals."""
