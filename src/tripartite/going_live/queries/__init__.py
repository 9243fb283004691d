"""Questions about what is to be set going, and about signature keys."""
