"""Titles for readers that name a group, and names that mix alphabets."""

import pytest

from grading.codes.alphabets import mixed_alphabets
from grading.codes.naming import named_group

GROUPS = [("IMNM", "IMNM"), ("DM", "DM")]


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("Thighs in IMNM", "IMNM"),
        ("I M N M", "IMNM"),
        ("i.m.n.m.", "IMNM"),
        ("I\N{CYRILLIC CAPITAL LETTER EM}N\N{CYRILLIC CAPITAL LETTER EM}", "IMNM"),
        ("d\N{CYRILLIC SMALL LETTER EM} thighs", "DM"),
        ("1MNM", "IMNM"),
        ("ＩＭＮＭ", "IMNM"),
        ("imnm-study", "IMNM"),
        ("DMstudy", "DM"),
        ("D-M", "DM"),
        ("Dermatomyositis vs necrotising", "IMNM"),
        ("Necrotizing myopathy vs dermatomyositis", "IMNM"),
        ("Dermato-myositis", "DM"),
        ("d e r m a t o m y o s i t i s", "DM"),
        ("Derm\N{CYRILLIC SMALL LETTER A}tomyositis", "DM"),
        ("Nekrotisierende Myopathie", "IMNM"),
        ("Myopathie nécrosante", "IMNM"),
    ],
)
def test_title_that_names_a_group(title, group):
    assert named_group(title, GROUPS) == group


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Reading study",
        "Admiral",
        "ADMISSION",
        "admission of Miller",
        "HDMI",
        "Madman",
        "Random order",
        "Thigh MRI of one cross-section",
        "Myositis reading study 2025",
        "Immune-mediated myopathies",
        "MD",
        "Thighs (demo)",
        "Anecdotal",
        "Dr. Miller's thighs",
        "Rows and columns",
    ],
)
def test_title_that_names_none(title):
    assert named_group(title, GROUPS) is None


WORDS = {
    "IMNM": "Anti-HMGCR thighs; anti SRP; HMG-CoA reductase; N.A.M.; HMGCRstudy; Miopatía necrotizante inmunomediada; "
    "Miopatia necrotizzante; Immunvermittelte nekrotisierende Myopathie; Myopathie nécrosante auto-immune",
    "DM": "Dermatomiositis; Dermatomyosite; DERMATO MYOSITIS; Dermatomiosite; anti-Mi-2; MDA-5 cohort",
    "PM": "Polymyositis; Polymyosite; polimiositis; polimiosite; poly-myositis; P.M.",
    "IBM": "Inclusion-body myositis; inclusion bodies; Einschlusskörpermyositis; Einschlußkörperchenmyositis; sIBM; "
    "Myosite à inclusions; Myosite à corps d’inclusion; Miositis por cuerpos de inclusión; Miosite a corpi inclusi",
    "ASyS": "Antisynthetase; Anti-synthetase syndrome; Syndrome des anti-synthétases; Síndrome antisintetasa; "
    "Sindrome da anticorpi antisintetasi; Jo-1",
    "OM": "Overlap myositis; Overlap-Syndrom; Überlappungsmyositis; Ueberlappung; Myosites de chevauchement; "
    "solapamiento; superposición; sovrapposizione; o.m.",
    "HC": "Healthy controls; normal controls; Healthy volunteers; gesunde Kontrollen; témoins; contrôles sains; "
    "voluntarios sanos; controles sanos; controlli sani; volontari sani; H C",
}


@pytest.mark.parametrize("code", WORDS)
def test_title_that_names_a_diagnosis_as_people_write_it(code):
    named = {title: named_group(title, [(code, code)]) for title in WORDS[code].split("; ")}

    assert named == dict.fromkeys(named, code)


@pytest.mark.parametrize("code", WORDS)
def test_words_for_one_diagnosis_name_no_group_of_another(code):
    others = [(other, other) for other in WORDS if other != code]

    assert not [title for title in WORDS[code].split("; ") if named_group(title, others)]


def test_groups_named_by_an_autoantibody_or_by_a_long_form_are_known_too():
    assert named_group("Necrotising myopathy", [("SRP", "SRP")]) == "SRP"
    assert named_group("IMNM", [("A", "Nekrotisierende Myopathie")]) == "A"


def test_long_title_is_judged_at_once():
    title = "x " * 100

    assert named_group(title, [(code, code) for code in WORDS]) is None


TELLING_NOTHING = (
    "Reading study; Thigh MRI; Muscles on MRI, 2025; Étude des cuisses; Estudio de muslos; Studio delle cosce; Kurze S."
    "; Lecture des IRM; Objects; Inclusive study; Assessment of thighs; Massive fat; Commission; Omega; Technical cases"
    "; ADMISSION; Reads of Nov 2025; Komplexe Fälle; Saint-Antoine; San Sebastián; Trial 7"
)


@pytest.mark.parametrize("title", TELLING_NOTHING.split("; "))
def test_title_that_names_no_diagnosis(title):
    assert named_group(title, [(code, code) for code in WORDS]) is None


def test_names_of_groups_and_the_words_in_them_count():
    groups = [("A", "Immune-mediated necrotizing myopathy"), ("B2", "Healthy volunteers")]

    named = {
        title: named_group(title, groups)
        for title in ("Thighs, necrotising", "IMNM thighs", "B 2", "Volunteers' thighs")
    }

    assert named == {"Thighs, necrotising": "A", "IMNM thighs": "A", "B 2": "B2", "Volunteers' thighs": "B2"}
    assert named_group("Dermatomyositis", groups) is None
    assert named_group("Immune-mediated muscle disease", groups) is None


@pytest.mark.parametrize(
    ("name", "alphabets"),
    [
        ("re\N{CYRILLIC SMALL LETTER A}der1", ["Cyrillic", "Latin"]),
        ("\N{GREEK SMALL LETTER RHO}eader", ["Greek", "Latin"]),
        ("reader1", []),
        ("jörg.müller@x", []),
        ("田中さん", []),
        ("tanaka田中", []),
        ("читатель1", []),
    ],
)
def test_alphabets_that_do_not_go_together(name, alphabets):
    assert mixed_alphabets(name) == alphabets
