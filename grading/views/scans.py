"""A coordinator's pages of scans: which MRIs have stacks, uploading those of one, looking at one and judging it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from grading.access import Role, StudyRequest, study_view
from grading.archive_link import ID, SAME_AGAIN
from grading.forms.archive import ArchiveLinkForm
from grading.forms.data import FileForm
from grading.forms.reasons import ReasonForm
from grading.forms.stacks import ApproveForm
from grading.models import MRI, Stack, Study
from grading.services.stacks import approve_stack, refuse_stack
from grading.stacks.reader import read_spool
from grading.stacks.refusal import Refused
from grading.uploads.scans import store_upload
from grading.views.corrections.moving import mri_or_404
from grading.views.listing import page_of
from grading.views.stacks import send_slice
from thighsite.spooled_uploads import spooled, takes_scans

PER_PAGE = 100
NOTHING_CAME = "Choose a ZIP archive, or the DICOM files or the folder of one MRI."


@study_view(Role.COORDINATOR, of_own_site=True)
def scans(request: HttpRequest, study: Study) -> HttpResponse:
    return scans_page(request, study)


def scans_page(request: HttpRequest, study: Study, *, status: int = 200, **context: Any) -> HttpResponse:
    """Render the page of all MRIs with their stacks, and of what concerns the scans of all."""
    mris = MRI.objects.filter(study=study).select_related("participant").order_by("participant__code", "code")
    page = page_of(request, mris.prefetch_related(Prefetch("stacks", Stack.objects.order_by("stored_at"))), PER_PAGE)
    waiting = Stack.objects.filter(study=study).waiting().count()
    context = {
        "study": study,
        "page": page,
        "waiting": waiting,
        "link_form": ArchiveLinkForm(instance=study, site=request.get_host()),
        "same_again": SAME_AGAIN if ID in study.archive_link else "",
        "ids_form": FileForm(auto_id="ids_%s"),
        "with_id": study.mris.exclude(archive_id="").count(),
        "mris": page.paginator.count,
    } | context
    return render(request, "grading/scans.html", context, status=status)


@takes_scans
@study_view(Role.COORDINATOR, methods=("GET", "POST"), of_own_site=True)
def mri_stacks(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    """Show the stacks of an MRI; on POST read the DICOM that was uploaded, and store what is in it."""
    mri = mri_or_404(study, pk)
    if request.method != "POST":
        return _of_mri(request, mri)
    try:
        with spooled(request) as spool:
            if not spool.spans:
                raise Refused(NOTHING_CAME)
            with read_spool(spool) as upload:
                stored = store_upload(mri, upload, by=request.user)
    except Refused as refused:
        return _of_mri(request, mri, status=422, errors=[refused.reason])
    except ValidationError as error:
        return _of_mri(request, mri, status=422, errors=error.messages)
    for sentence in stored.sentences:
        messages.info(request, sentence)
    return redirect("mri-stacks", study.slug, pk)


@study_view(Role.COORDINATOR, of_own_site=True)
def stack(request: HttpRequest, study: Study, pk: UUID) -> HttpResponse:
    return _of_stack(request, _stack(study, pk))


@study_view(Role.COORDINATOR, of_own_site=True)
def stack_slice(request: HttpRequest, study: Study, pk: UUID, number: int) -> HttpResponse:
    """Send a slice to a coordinator who is to look at it, approved or not."""
    found = _stack(study, pk)
    if found.is_refused or number >= found.slices:
        raise Http404
    return send_slice(request, found, number, f'"{found.sha256[:32]}-{number}"')


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def approve(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    said = "Approved as {sequence}. Readers of this MRI see it from now on."
    return _judged(request, _stack(study, pk), approve_stack, said, approve_form=ApproveForm(request.POST))


@study_view(Role.COORDINATOR, methods=("POST",), of_own_site=True)
def refuse(request: StudyRequest, study: Study, pk: UUID) -> HttpResponse:
    said = "Refused. Its slices are deleted; the reason is kept."
    return _judged(request, _stack(study, pk), refuse_stack, said, refuse_form=ReasonForm(request.POST))


def _judged(request: StudyRequest, found: Stack, judge: Callable[..., Any], said: str, **named: Form) -> HttpResponse:
    """Approve or refuse a stack by what a form says, and say so; with what is wrong, the form again under its name."""
    (form,) = named.values()
    if form.is_valid():
        try:
            judge(stack=found, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
    if form.errors:
        return _of_stack(request, found, status=422, **named)
    messages.success(request, said.format(**form.cleaned_data))
    return redirect("mri-stacks", found.study.slug, found.mri_id)


def _stack(study: Study, pk: UUID) -> Stack:
    stacks = Stack.objects.select_related("mri__participant", "study", "approved_by", "refused_by", "stored_by")
    return get_object_or_404(stacks, study=study, pk=pk)


def _of_mri(request: HttpRequest, mri: MRI, *, status: int = 200, errors: list[str] | None = None) -> HttpResponse:
    stacks = mri.stacks.select_related("approved_by", "refused_by").order_by("stored_at")
    context = {"study": mri.study, "mri": mri, "stacks": stacks, "errors": errors or []}
    return render(request, "grading/mri_stacks.html", context, status=status)


def _of_stack(request: HttpRequest, found: Stack, *, status: int = 200, **forms) -> HttpResponse:
    slices = reverse("stack-slice", args=[found.study.slug, found.pk, 0]).removesuffix("0/")
    context = {
        "study": found.study,
        "mri": found.mri,
        "stack": found,
        "shown": found.geometry | {"url": slices},
        "twins": Stack.objects.with_slices_of(found).select_related("mri__participant"),
        "approve_form": ApproveForm(initial={"sequence": found.sequence or found.suggested_sequence}),
        "refuse_form": ReasonForm(),
    }
    return render(request, "grading/stack.html", context | forms, status=status)
