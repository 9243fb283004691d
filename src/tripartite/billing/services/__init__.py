"""The acts of billing: each one transaction, journaled."""
