"""Saving a whole page at once, which is what a browser without JavaScript sends."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from grading import services
from grading.forms.sheet import GradingForm, Sheet, as_words
from grading.models import Read
from grading.views.case_page import case_page

FROZEN = "This read is signed off: its grades are frozen. Nothing was changed."


def save_sheet(request: HttpRequest, read: Read) -> HttpResponse | None:
    """Store the whole form, or the page that says why not."""
    form = GradingForm(request.POST, sheet=Sheet.of(read))
    if not form.is_valid():
        return case_page(request, read, form=form, errors=[in_words(form)], status=422)
    try:
        services.save_sheet(read=read, description=form.description(), grades=form.grades())
    except services.ReadIsSignedOff:
        return case_page(request, read, errors=[FROZEN], status=423)
    except services.SheetConflict as conflict:
        return _conflict(request, read, conflict.stored)
    except ValidationError as error:
        return case_page(request, read, form=form, errors=error.messages, status=422)
    return None


def _conflict(request: HttpRequest, read: Read, stored: list[services.CellState]) -> HttpResponse:
    """Show the page with what was chosen, over the versions that its words name: saved again, it holds."""
    chosen = {name: value for name, value in request.POST.items() if not name.startswith("seen-")}
    now = ", ".join(f"{state.cell.label} is {as_words(state)} now" for state in stored)
    error = f"Graded differently elsewhere since this page was made: {now}. Nothing was saved. What you chose is still "
    form = GradingForm(chosen, sheet=Sheet.of(read))
    return case_page(request, read, form=form, errors=[f"{error}shown: save again to keep it."], status=409)


def in_words(form: GradingForm) -> str:
    return " ".join(f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items())
