"""What a spreadsheet or a person's name has left in a code."""

import pytest

from grading.codes.suspicion import why_mangled, why_personal


@pytest.mark.parametrize(
    "code",
    [
        "1-Jan",
        "01-Jan",
        "Jan-01",
        "3-Mar-20",
        "01. Mrz",
        "Okt 12",
        "5-May",
        "1.00E+05",
        "1,2E+11",
        "1E+05",
        "#REF!",
        "#N/A",
        "#NAME?",
        "#DIV/0!",
        "########",
        "###",
        "##",
        "#BEZUG!",
        "#WERT!",
        "#NV",
        "#VALEUR!",
        "#NOM?",
        "#¡REF!",
        "#¡VALOR!",
        "#ERROR!",
        "Err:502",
        "TRUE",
        "FALSE",
        "WAHR",
        "1.2E+3",
        "1.0e+05",
        "1-ene",
        "Jän-1",
    ],
)
def test_what_a_spreadsheet_made_of_a_code(code):
    assert "spreadsheet" in why_mangled(code)
    assert why_personal(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "Schmidt Anna 12.03.1961",
        "Schmidt, Anna",
        "Anna Schmidt",
        "12/03/1961",
        "1961-03-12",
        "SCHMIDT_19610312",
        "Anna 12-03-61",
        "3/12/61",
        "MRI-2021-03-05",
        "SCHMIDT ANNA",
        "anna schmidt",
        "M. Schmidt",
        "Schmidt_Anna",
        "de la Cruz Ana",
        "19610312",
        "12031961",
        "20210305",
    ],
)
def test_what_tells_who_somebody_is(code):
    assert why_personal(code)


@pytest.mark.parametrize(
    "code",
    [
        "TM201",
        "MAR-01",
        "DEC-1",
        "1e3",
        "007",
        "P001-0",
        "01-02-03",
        "TM-2021-03",
        "NA",
        "nan",
        "#1",
        "20215305",
        "follow up",
        "Scan left",
        "TM A",
        "MRI1",
        "TM 202",
        "Site A 12",
        "MAY001",
        "A-Mar-1",
    ],
)
def test_codes_that_are_codes(code):
    assert why_mangled(code) is None
    assert why_personal(code) is None
