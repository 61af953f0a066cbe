"""The charter of a study: written and read by those who see the groups, and read by its readers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grading.access import Role, StudyRequest, reading_view, study_view
from grading.charter_page import as_text, facts_of, known_then, sections_of
from grading.forms.charter import CharterForm
from grading.models import Charter, Study
from grading.models.charter import reading_began_at
from grading.reader_view import CharterPage, ReadingStudy, render_reader_page
from grading.services.charters import HEADINGS, write_charter


@study_view(Role.INVESTIGATOR, Role.COORDINATOR, methods=("GET", "POST"))
def charter(request: StudyRequest, study: Study) -> HttpResponse:
    """Show a version of the charter, the newest unless another is asked for; POST keeps another one."""
    if request.method != "POST":
        return _page(request, study)
    form = CharterForm(request.POST)
    if not form.is_valid():
        return _page(request, study, form)
    try:
        written = write_charter(
            study=study,
            by=request.user,
            texts=form.texts,
            known=as_text(facts_of(study)),
            seen=form.cleaned_data["seen"] or 0,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, study, form)
    messages.success(request, f"The charter is kept as version {written.number}.")
    return redirect("charter", slug=study.slug)


@reading_view
def reading_charter(request: HttpRequest, study: Study) -> HttpResponse:
    """Show the newest version to a reader, without groups and names that the site would put in."""
    page = CharterPage.of(ReadingStudy.of(study), study.charters.newest_first().first(), facts_of(study))
    return render_reader_page(request, page)


def _page(request: StudyRequest, study: Study, form: CharterForm | None = None) -> HttpResponse:
    versions = list(study.charters.newest_first())
    shown, facts = _chosen(versions, request.GET.get("version")), facts_of(study)
    newest = versions[0] if versions else None
    if form is None:
        texts = {heading: getattr(newest, heading, "") for heading in HEADINGS}
        form = CharterForm(initial=texts | {"seen": newest.number if newest else 0})
    context = {
        "study": study,
        "changes": request.member.role == Role.COORDINATOR,
        "versions": versions,
        "shown": shown,
        "is_newest": shown == newest,
        "sections": sections_of(shown, facts),
        "otherwise": known_then(shown, facts) if shown else [],
        "frozen_at": reading_began_at(study),
        "form": form,
    }
    return render(request, "grading/charter.html", context, status=422 if form.is_bound else 200)


def _chosen(versions: list[Charter], number: str | None) -> Charter | None:
    if number is None:
        return versions[0] if versions else None
    try:
        return next(version for version in versions if str(version.number) == number)
    except StopIteration:
        raise Http404 from None
