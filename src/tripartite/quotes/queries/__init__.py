"""Questions about requests and quotes."""
