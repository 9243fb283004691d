"""Files as the accountant sends them back, for tests."""

from tests.factories.billing import number_of

HEAD = (
    '<EnTetePES><DteStr V="2026-12-31"/><IdPost V="059012"/><IdColl V="{siret}"/>'
    '<{code} V="123"/><CodBud V="00"/></EnTetePES>'
)
ENVELOPE = (
    '<Enveloppe><Parametres><Version V="1"/><TypFic V="PES2R_REC"/><NomFic V="retour.xml"/></Parametres>{sender}'
    "</Enveloppe>"
)
SENDER = '<Emetteur><Sigle V="DGFIP"/><Adresse V="Hélios"/></Emetteur>'


def collected(cents: int, *, origin: str = "02", day: str = "2026-11-20") -> str:
    """Money collected on a line."""
    amount = f"{cents // 100}.{cents % 100:02d}"
    return (
        f'<EncaissementEmargement><OrgEma V="{origin}"/><DteReco V="{day}"/><MtReco V="{amount}"/>'
        "</EncaissementEmargement>"
    )


def piece(number: int, *money: str, state: str = "02", reasons: str = "", comment: str = "") -> str:
    """What is said of an order of one line."""
    why = f'<ObsEtat V="{reasons}"/>' if reasons else ""
    why += f'<Commentaire V="{comment}"/>' if comment else ""
    return (
        f'<Piece><BlocPiece><IdPce V="{number}"/><TypPce V="01"/><NatPce V="01"/><EtatPce V="{state}"/>{why}'
        f'</BlocPiece><LigneDePiece><BlocLignePiece><InfoLignePiece><IdLigne V="1"/><EtatLigPce V="04"/>'
        f'<MtHT V="100.00"/></InfoLignePiece></BlocLignePiece>{"".join(money)}</LigneDePiece></Piece>'
    )


def returned(*pieces: str, siret: str = "") -> bytes:
    """A PES Retour of one slip."""
    head = HEAD.format(siret=siret or number_of("200039386"), code="CodColl")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<r:PES_Retour xmlns:r="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour">'
        f"{ENVELOPE.format(sender='')}{head}<PES_RecetteRetour>"
        '<EnTeteRecette><TypRestit V="02"/><IdVer V="2"/><NatInf V="2"/></EnTeteRecette><Bordereau><BlocBordereau>'
        '<Exer V="2026"/><IdBord V="1"/><TypBord V="01"/></BlocBordereau>'
        f"{''.join(pieces)}</Bordereau></PES_RecetteRetour></r:PES_Retour>"
    )
    return text.encode()


def acknowledgement(*states: str) -> bytes:
    """An acknowledgement: a slip by state (1: taken, 0: not)."""
    head = HEAD.format(siret=number_of("200039386"), code="CodCol")
    errors = (
        '<DetailPiece><NumPiece V="2"/><Erreur><NumAnoAck V="ERREUR_DOUBLON_PIECE"/><LibelleAnoAck V="déjà reçu"/>'
        "</Erreur></DetailPiece>"
    )
    said = "".join(
        f'<ElementACQUIT><DomaineAck V="6"/><EtatAck V="{state}"/><NumBord V="{place}"/><ExerciceBord V="2026"/>'
        f"{'' if state == '1' else errors}</ElementACQUIT>"
        for place, state in enumerate(states, start=1)
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<r:PES_ACQUIT xmlns:r="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2">'
        f'{ENVELOPE.format(sender=SENDER)}{head}<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>{said}</ACQUIT>'
        "</r:PES_ACQUIT>"
    )
    return text.encode()
