"""How a setting says itself, and how whole numbers are read: what every part of the configuration leans on."""

from collections.abc import Mapping
from dataclasses import field


class ConfigError(Exception):
    """A setting that cannot be used; the message, in French, says which one and what to write."""


def setting(variable: str, default: str, meaning: str, *, secret: bool = False) -> str:
    """A field of Config read from `variable`; the three texts make docs/configuration.md. A secret is never shown."""
    declared: str = field(metadata={"variable": variable, "default": default, "meaning": meaning}, repr=not secret)
    return declared


def whole_numbers(environment: Mapping[str, str], name: str, usual: str) -> tuple[int, ...]:
    """The numbers, at least 1 each, that the variable `name` lists, or `usual`. Raises ConfigError otherwise."""
    parts = [part.strip() for part in (environment.get(name) or usual).split(",")]
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 100_000 for part in parts):
        raise ConfigError(f"{name} : écrire des nombres entiers, au moins 1, séparés par des virgules.")
    return tuple(int(part) for part in parts)
