"""A muscle on a side: each of its spellings, where it is written."""

import pytest
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES, SIDES, Cell
from grading.csv.columns import wide_columns
from grading.integrity.scope import scope_of
from grading.integrity.trail_replay import unlike_cells
from grading.models import TrailRecord
from grading.scale import USUAL_SEQUENCES
from tests.builders import make_read, make_study

CELLS = [Cell(muscle, side) for muscle in MUSCLE_CODES for side in SIDES]


def test_a_cell_is_spelt_for_forms_people_and_the_trail():
    left, both = Cell("BFLH", "left"), Cell("BFLH", "both")

    assert (left.name, left.label, left.trail_key) == ("BFLH_left", "BF-LH left", "BFLH left")
    assert (both.name, both.label, both.trail_key) == ("BFLH", "BF-LH", "BFLH")


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_a_trail_key_is_read_as_it_was_written(cell):
    assert Cell.of_trail_key(cell.trail_key) == cell


@pytest.mark.django_db
@pytest.mark.parametrize("sides", ["together", "apart"])
def test_trail_page_and_wide_csv_spell_cells_alike(client, sides):
    study = make_study(sides=sides)
    read = make_read(study=study, scores=[number % 4 for number in range(len(MUSCLE_CODES))])
    client.force_login(read.reader)

    in_trail = TrailRecord.objects.filter(read=read, table="grading_grade").values_list("after", flat=True)
    page = client.get(reverse("read", args=[read.pk])).content.decode()
    columns = {column.name for column in wide_columns(study.graded_sides)}

    assert {key for grades in in_trail for key in grades} == {cell.trail_key for cell in study.cells}
    assert unlike_cells(scope_of(study)) == {}
    assert {cell.name for cell in study.cells} <= columns
    assert all(f'data-cell="{cell.name}"' in page for cell in study.cells)


@pytest.mark.django_db
def test_page_carries_the_usual_sequences_of_each_feature(client):
    read = make_read()
    client.force_login(read.reader)

    page = client.get(reverse("read", args=[read.pk])).content.decode()

    for feature, sequences in USUAL_SEQUENCES.items():
        radio = next(tag for tag in page.split("<input ") if f'name="feature" value="{feature}"' in tag)
        assert f'data-usual="{" ".join(sequences)}"' in radio
