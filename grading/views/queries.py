"""Queries: the coordinator's pages, and the page on which a reader answers."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from grading.access import Role, read_view, study_view
from grading.forms.queries import AskForm, CloseForm, DismissForm, QuestionForm
from grading.forms.reasons import ReasonForm
from grading.models import Query, Read, Study
from grading.query_page import history, queries_of, state_in_words
from grading.query_rules import QUESTIONS, proposals
from grading.reader_queries import Entered
from grading.reader_queries import queries_of as queries_for_reader
from grading.reader_view import Case, QueriesPage, ReadingStudy, render_reader_page
from grading.services import queries as service
from grading.services.queries import why_not_asked
from grading.views.listing import page_of

PER_PAGE = 100


@study_view(Role.COORDINATOR, of_own_site=True)
def queries(request: HttpRequest, study: Study) -> HttpResponse:
    """List the study's queries, and what the site proposes to ask."""
    return _list(request, study)


@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def ask(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Ask the reader of a read; a proposal brings what it is about along."""
    read = _read(study, pk)
    if request.method != "POST":
        return _ask_page(request, study, read, AskForm(study=study, initial=_proposed(request)))
    form = AskForm(request.POST, study=study)
    try:
        if not form.is_valid():
            return _ask_page(request, study, read, form, status=422)
        asked = service.ask(read=read, by=request.user, text=form.cleaned_data["text"], **form.about)
    except ValidationError as error:
        form.add_error("text", error.messages)
        return _ask_page(request, study, read, form, status=422)
    messages.success(request, f"{read.reader.get_username()} is asked about case {read.code}.")
    return redirect("query", slug=study.slug, pk=asked.pk)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def dismiss(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Note that what the site proposed about a read is not asked, with the reason."""
    read, form = _read(study, pk), DismissForm(request.POST, study=study)
    try:
        if not form.is_valid():
            return _list(request, study, errors=[text for said in form.errors.values() for text in said], status=422)
        service.dismiss(read=read, by=request.user, reason=form.cleaned_data["text"], **form.about)
    except ValidationError as error:
        return _list(request, study, errors=error.messages, status=422)
    messages.success(request, f"Nobody is asked about case {read.code} by this rule. The reason is kept.")
    return redirect("queries", slug=study.slug)


@study_view(Role.COORDINATOR, of_own_site=True)
def query(request: HttpRequest, study: Study, pk) -> HttpResponse:
    """Show a query with its history, and what can be done next."""
    return _query_page(request, study, _query(study, pk))


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def ask_further(request: HttpRequest, study: Study, pk) -> HttpResponse:
    asked, form = _query(study, pk), QuestionForm(request.POST)
    if not _is_done(service.ask_further, asked, form, request):
        return _query_page(request, study, asked, further=form, status=422)
    messages.success(request, f"{asked.read.reader.get_username()} is asked once more.")
    return redirect("query", slug=study.slug, pk=asked.pk)


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def close(request: HttpRequest, study: Study, pk) -> HttpResponse:
    asked, form = _query(study, pk), CloseForm(request.POST)
    if not _is_done(service.close, asked, form, request):
        return _query_page(request, study, asked, closing=form, status=422)
    messages.success(request, f"The query about case {asked.read.code} is closed.")
    return redirect("queries", slug=study.slug)


def _is_done(step: Callable[..., Query], asked: Query, form: QuestionForm | CloseForm, request: HttpRequest) -> bool:
    """Take the next step of a query; False where it was refused, which the form then says."""
    if form.is_valid():
        try:
            step(query=asked, by=request.user, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_error("text", error.messages)
    return not form.errors


@read_view(methods=("GET", "POST"))
def case_queries(request: HttpRequest, read: Read) -> HttpResponse:
    """Show a reader what was asked about their case; on POST note the answer."""
    if request.method != "POST":
        return _reader_page(request, read)
    sent = Query.objects.filter(read=read).sent()
    try:
        asked = sent.get(pk=request.POST.get("query", ""))
    except (Query.DoesNotExist, ValidationError):
        raise Http404 from None
    form = ReasonForm(request.POST)
    errors = () if form.is_valid() else tuple(form.errors["reason"])
    try:
        if errors:
            raise ValidationError(list(errors))
        service.answer(query=asked, by=request.user, text=form.cleaned_data["reason"])
    except ValidationError as error:
        entered = Entered(asked.pk, request.POST.get("reason", ""), tuple(error.messages))
        return _reader_page(request, read, entered, status=422)
    messages.success(request, "Answered. The study’s coordinator reads it.")
    return redirect("case-queries", pk=read.pk)


def _reader_page(request: HttpRequest, read: Read, entered: Entered | None = None, *, status: int = 200):
    page = QueriesPage(ReadingStudy.of(read.study), Case.of(read), queries_for_reader(read), entered)
    return render_reader_page(request, page, status=status)


def _read(study: Study, pk) -> Read:
    """Fetch a read of the study's. Http404 for any other."""
    read = Read.objects.filter(study=study, pk=pk).for_overview().first()
    if read is None:
        raise Http404
    return read


def _query(study: Study, pk) -> Query:
    """Fetch a query of the study's. Http404 for any other."""
    return get_object_or_404(queries_of(study), pk=pk)


def _proposed(request: HttpRequest) -> dict[str, str]:
    """Take over what a proposal is about, with its question."""
    rule = request.GET.get("rule", "")
    about = {"cell": request.GET.get("cell", ""), "rule": rule}
    if rule in QUESTIONS:
        muscle, _, side = about["cell"].partition(" ")
        about["text"] = QUESTIONS[Query.Rule(rule)].format(where=Query(muscle=muscle, side=side).where)
    return about


def _list(request: HttpRequest, study: Study, *, status: int = 200, **more) -> HttpResponse:
    page = page_of(request, queries_of(study), PER_PAGE)
    lines = [(each, state_in_words(each)) for each in page.object_list]
    proposed = [] if study.is_locked else proposals(study)
    context = {"study": study, "page": page, "lines": lines, "proposals": proposed} | more
    return render(request, "grading/queries.html", context, status=status)


def _ask_page(request: HttpRequest, study: Study, read: Read, form: AskForm, *, status: int = 200) -> HttpResponse:
    why_not = "The study is locked: entry has ended." if study.is_locked else why_not_asked(read)
    context = {"study": study, "read": read, "form": form, "why_not": why_not}
    return render(request, "grading/ask.html", context, status=status)


def _query_page(request: HttpRequest, study: Study, asked: Query, *, status: int = 200, **forms) -> HttpResponse:
    context = {
        "study": study,
        "query": asked,
        "read": asked.read,
        "state": state_in_words(asked),
        "is_open": asked.state in ("asked", "answered"),
        "steps": history(asked),
        "further": QuestionForm(),
        "closing": CloseForm(auto_id="close_%s"),
        "refused": list(forms.values()),
    } | forms
    return render(request, "grading/query.html", context, status=status)
