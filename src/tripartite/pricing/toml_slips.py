"""The slips that keep a text from being TOML, said as a person needs it: where, what is there, what to write."""

import re

from tripartite.pricing.findings import Finding, Severity

SLIPS = (
    (r"Cannot (overwrite|declare|redefine|mutate)|Duplicate", r"", "ce champ ou cette table est écrit deux fois."),
    (r"Invalid value|after a key", r"=.*?[“”„«»‘’]", 'un texte va entre guillemets droits : "Messagerie".'),
    (r"key|newline|value|array", r"=.*\d,\d", "un nombre décimal s'écrit avec un point : 76.80."),
    (r"newline|value|array|Unclosed", r"=.*\d[ \u00a0\u202f]\d{3}\b", "un nombre s'écrit sans espace : 10212."),
    (r"newline|value|array|Unclosed", r"=.*\d\s*€", "un montant s'écrit sans le signe € : 20."),
    (r"newline|value|array|Unclosed", r"=.*\b\d{1,2}/\d{1,2}/\d{4}\b", "une date s'écrit 2024-03-26, sans guillemets."),
    (
        r"Unescaped|Illegal character|Unterminated string",
        r"",
        "le texte entre guillemets n'est pas fermé, ou contient « \\ ».",
    ),
    (r"initial character", r"\{[^}]*$", "une table entre accolades tient sur une seule ligne."),
    (r"initial character", r",\s*\}", "pas de virgule avant l'accolade qui ferme."),
    (r"Unclosed", r"", "il manque une virgule, ou le crochet ou l'accolade qui ferme."),
)
"""What the reader of TOML says, what stands on the line, and the advice: the first pair that fits."""


LONGEST_ROW = 2000
"""What is looked at of a row to say what is wrong with it: longer ones are not written by hand."""


def not_toml(text: str, error: Exception) -> Finding:
    """What is wrong with a text that is not TOML, with the line where its reader stopped, and how to mend it."""
    where = re.search(r"line (\d+), column (\d+)", str(error))
    rows = text.splitlines() or [""]
    number = int(where[1]) if where else None
    row = rows[min(number or len(rows), len(rows)) - 1][:LONGEST_ROW]
    advice = next(
        (words for said, there, words in SLIPS if re.search(said, str(error)) and re.search(there, row)), None
    )
    stopped = f" : la lecture s'arrête à la colonne {where[2]}" if where else ""
    message = (
        f"ce n'est pas du TOML valable{stopped} ; {advice}" if advice else f"ce n'est pas du TOML valable{stopped}."
    )
    return Finding(Severity.ERROR, "fichier", number, message)
