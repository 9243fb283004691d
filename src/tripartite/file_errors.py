"""Why a file can be neither read nor written, in French. Pure."""

import errno

_REASONS = {
    errno.ENOENT: "ce fichier n'existe pas",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EISDIR: "c'est un dossier",
    errno.ENOTDIR: "un dossier de ce nom est un fichier",
    errno.ENOSPC: "il n'y a plus de place",
    errno.EDQUOT: "il n'y a plus de place",
    errno.EROFS: "ce disque ne s'écrit pas",
    errno.ENAMETOOLONG: "ce nom est trop long",
}


def reason(error: OSError) -> str:
    """The end of a sentence: « Impossible de lire x : » or « d'écrire x : »."""
    return _REASONS.get(error.errno or 0, f"erreur du système ({error.errno})")
