"""Questions about what goes live and what runs."""
