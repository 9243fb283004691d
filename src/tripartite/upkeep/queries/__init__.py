"""How the installation is: its health, its figures, what it lacks."""
