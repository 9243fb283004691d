"""How often Python looks for what nothing holds any more: rarely, for pages and commands make much and keep little."""

import gc

BETWEEN = (10_000, 10, 5)
"""So many objects more before the youngest are looked at, then so many such looks before the next age, twice. With
Python's own figures (700, 10, 10) a third of the time of a long list went there. The oldest are looked at every half
million, some six hundred pages: rows and what was prefetched with them hold each other, and what was in hand at a look
passes for old. Looked at every ten million, a server had not given it back after ten thousand pages."""


def collect_rarely() -> None:
    """Keep what is loaded out of all looks to come, and space these: said once the application is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*BETWEEN)
