"""Keeping what the installation holds: backups, putting them back, the signs of life of workers."""
