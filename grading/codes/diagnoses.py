"""What groups of a myositis study are called: codes, long forms, autoantibodies. Pure: no Django.

In English, German, French, Spanish and Italian. A stem is how the words for a diagnosis begin, run together and without
capitals and the marks of letters: "Myosite à inclusions" has the stem "ainclusion".
"""

from typing import NamedTuple


class Diagnosis(NamedTuple):
    """A diagnosis: short words for it, its autoantibodies included, and how the longer words begin."""

    words: tuple[str, ...]
    stems: tuple[str, ...]


_TABLE = (
    ("IMNM IMNAM NAM MNAI MNIM HMGCR HMGCOA SRP", "necro nekro signalrecognition"),
    ("DM JDM ADM CADM MI2 TIF1 TIF1G MDA5 NXP2 SAE SAE1", "dermatomyo dermatomio amyopath amiopat"),
    ("PM", "polymyos polimios"),
    (
        "IBM SIBM MCI CN1A NT5C1A",
        "inclusionbod einschlusskorper ainclusion corpsdinclusion corpsinclus cuerposdeinclusion cuerposinclus "
        "corpiinclus corpidinclusion",
    ),
    ("ASYS ASYSD ASYSS ASS ASSD ARS JO1 PL7 PL12 EJ OJ", "synthetas sintetas"),
    (
        "OM OLM PMSCL U1RNP KU",
        "overlap uberlapp ueberlapp chevauchement solapamiento superposicion sovrapposizion",
    ),
    (
        "HC HCS HV NC CTRL CTL",
        "control healthy normalsubject normalvolunteer kontroll gesund temoin sujetssain sujetsain volontairessain "
        "volontairesain sanos sujetosano voluntariosano soggettisani volontarisani",
    ),
)
DIAGNOSES = tuple(Diagnosis(tuple(words.split()), tuple(stems.split())) for words, stems in _TABLE)
