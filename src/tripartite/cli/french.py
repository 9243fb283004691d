"""The words of argparse in French: whoever types `tripartite` reads one language."""

import argparse

WORDS = {
    "usage: ": "emploi : ",
    "positional arguments": "à donner",
    "options": "options",
    "show this help message and exit": "montrer cette aide",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s : %(message)s",
    "the following arguments are required: %s": "il manque : %s",
    "one of the arguments %s is required": "donner l'un de : %s",
    "not allowed with argument %s": "ne va pas avec %s",
    "unrecognized arguments: %s": "mot inconnu : %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)r n'est pas un choix ; choisir parmi %(choices)s",
    "invalid %(type)s value: %(value)r": "valeur impossible : %(value)r",
    "expected one argument": "une valeur est attendue",
    "expected at most one argument": "une valeur au plus est attendue",
    "expected at least one argument": "une valeur au moins est attendue",
    "ignored explicit argument %r": "valeur inattendue : %r",
}


def speak_french() -> None:
    """Have argparse say these words; those that it has beside them stay its own."""
    setattr(argparse, "_", lambda words: WORDS.get(words, words))  # noqa: B010 - its translation hook, unknown to types
