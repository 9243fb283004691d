"""How a part of an installation is, and how grave what the checks find: codes in English, labels in French."""

from enum import StrEnum


class PartState(StrEnum):
    """GOOD: as it should be. WEAK: works, and somebody should look. FAILING: does not do what it is there for."""

    GOOD = "good"
    WEAK = "weak"
    FAILING = "failing"


PART_LABELS = {PartState.GOOD: "en ordre", PartState.WEAK: "à surveiller", PartState.FAILING: "en panne"}


class Gravity(StrEnum):
    """UNSAFE: the application must not serve so. MISSING: something that agents need cannot be done. WEAK: it can, but
    would be better otherwise.
    """

    UNSAFE = "unsafe"
    MISSING = "missing"
    WEAK = "weak"


GRAVITY_LABELS = {Gravity.UNSAFE: "refusé", Gravity.MISSING: "manque", Gravity.WEAK: "fragile"}
