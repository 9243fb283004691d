"""Questions about what runs."""
