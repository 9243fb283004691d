"""Questions about conventions."""
