"""Methods, results and the GRRAS checklist, in words that can be copied into a paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from analysis.forms import QuestionError, QuestionForm, pairs
from analysis.frame import GroupsError, GroupsNeededError, TooFewGroupsError, study_groups
from analysis.report import Question, findings
from analysis.words.grras import grras
from analysis.words.methods import methods
from analysis.words.results import results
from grading.access import Role, study_view
from grading.models import Study


@study_view(Role.INVESTIGATOR)
def text(request: HttpRequest, study: Study) -> HttpResponse:
    """The paragraphs of this moment's data. It shows the groups compared: a look."""
    context = {"study": study}
    try:
        asked = QuestionForm(request.GET).asked()
        found = findings(study, Question(study_groups(study, asked["groups"]), asked["model"]))
    except TooFewGroupsError:
        return render(request, "analysis/text.html", context | {"too_few_groups": True})
    except GroupsNeededError:
        return render(request, "analysis/text.html", context | {"pairs": pairs(study)})
    except (QuestionError, GroupsError) as error:
        return render(request, "analysis/text.html", context | {"error": error}, status=422)
    told = {"methods": methods(found), "results": results(found), "grras": grras(found)}
    return render(request, "analysis/text.html", context | told | {"findings": found})
