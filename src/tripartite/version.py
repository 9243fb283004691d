"""The version of the application: this one place says it (pyproject.toml reads it here)."""

VERSION = "0.3.0"
