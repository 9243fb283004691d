"""Verbs of the directory: each is one transaction and journals what it did."""
