"""Questions about visits and deadlines."""
