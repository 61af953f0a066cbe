"""What an investigator may ask, as the page's address says it, and the one address of each question."""

from collections.abc import Collection, Sequence
from typing import get_args

from django import forms
from django.http import QueryDict

from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.question import Question, UnanswerableError, two_of
from analysis.stats.result_types.codes import ModelName, PName
from analysis.study_data.options import QuestionOptions

MODELS: tuple[ModelName, ...] = get_args(ModelName)
ADJUSTABLE = ("", MODELS[0])  # as an address names the model that covariates can be added to
P_NAMES: tuple[PName, ...] = get_args(PName)

# What addresses of questions may say as well.
BESIDE_THE_QUESTION = (
    "figure",
    "download",
    "theme",
    "wait",
    "ordinal",
    "pattern-score",
    "licence",
    "width",
    "note",
    "points",
)


class QuestionError(UnanswerableError):
    """The address asks what cannot be asked."""


class QuestionForm(forms.Form):
    """The query string of the comparison page. What is left out takes its default."""

    set = forms.ChoiceField(required=False)
    model = forms.ChoiceField(required=False)
    p = forms.ChoiceField(required=False)
    grades = forms.ChoiceField(required=False)
    groups = forms.CharField(required=False)  # REF,COMPARED
    sequence = forms.ChoiceField(required=False)
    side = forms.ChoiceField(required=False)
    reader = forms.MultipleChoiceField(required=False)
    sex = forms.ChoiceField(required=False)
    autoantibody = forms.ChoiceField(required=False)
    adjust = forms.MultipleChoiceField(required=False)

    def __init__(self, asked: QueryDict, choices: QuestionOptions) -> None:
        super().__init__(asked)
        self.query = asked
        self.possible = choices
        self._allow("set", ANALYSIS_SETS)
        self._allow("model", MODELS)
        self._allow("p", P_NAMES)
        self._allow("grades", choices.grades)
        self._allow("sequence", choices.sequences)
        self._allow("side", choices.sides)
        self._allow("reader", choices.readers)
        self._allow("sex", choices.sexes)
        self._allow("autoantibody", choices.autoantibodies)
        self._allow("adjust", choices.covariates)

    def question(self) -> Question:
        """Make the question of the address.

        Raises:
            QuestionError: with a sentence for each thing that cannot be asked.
            GroupsError: as ``frame.two_of``.
        """
        refuse_unknown_names(self.query, self.fields)
        if not self.is_valid():
            raise QuestionError(" ".join(str(message) for messages in self.errors.values() for message in messages))
        asked = self.cleaned_data
        if asked["adjust"] and asked["model"] not in ADJUSTABLE:
            raise QuestionError("The joint model is not adjusted for covariates: ask for one model for each muscle.")
        reference, compared = two_of(self.possible.groups, asked["groups"])
        return Question(
            reference=reference.code,
            compared=compared.code,
            analysis_set=asked["set"] or ANALYSIS_SETS[0],
            model=asked["model"] or MODELS[0],
            sequence=asked["sequence"],
            side=asked["side"],
            readers=self._readers(asked["reader"]),
            sex=asked["sex"],
            autoantibody=asked["autoantibody"],
            adjust=tuple(asked["adjust"]),
            deciding=asked["p"] or Question.deciding,
            grades=asked["grades"] or Question.grades,
        )

    def is_canonical(self, query: QueryDict) -> bool:
        """Tell whether the address given says of the question what ``query``, the question's own address, says."""
        return all(self.query.getlist(name) == query.getlist(name) for name in self.fields)

    def _allow(self, name: str, values: Sequence[str]) -> None:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} takes anything")
        field.choices = [(value, value) for value in values]
        possible = f"it is one of {', '.join(values)}" if values else "nothing of the kind occurs in this study"
        field.error_messages["invalid_choice"] = f"“%(value)s” cannot be asked for as {name}: {possible}."

    def _readers(self, named: list[str]) -> tuple[str, ...]:
        """Give the readers that the question is restricted to: none where every reader is named."""
        return () if {*named} == {*self.possible.readers} else tuple(named)


def refuse_unknown_names(query: QueryDict, known: Collection[str]) -> None:
    """Raise QuestionError where an address asks for something that nobody reads: it would seem to be answered."""
    if unknown := [name for name in query if name not in (*known, *BESIDE_THE_QUESTION)]:
        may = f"an address may say {', '.join(known)}" if known else "this address takes no question"
        raise QuestionError(f"“{unknown[0]}” cannot be asked for: {may}.")


def address(question: Question, choices: QuestionOptions) -> QueryDict:
    """Write a question's query string, the only one that pages link to: defaults left out, in one order."""
    groups = f"{question.reference},{question.compared}"
    plain = len(choices.groups) == 2 and groups in choices.pairs
    query = QueryDict(mutable=True)
    for name, value, default in (
        ("groups", groups, groups if plain else ""),
        ("set", question.analysis_set, ANALYSIS_SETS[0]),
        ("model", question.model, MODELS[0]),
        ("p", question.deciding, Question.deciding),
        ("grades", question.grades, Question.grades),
        ("sequence", question.sequence, ""),
        ("side", question.side, ""),
        ("sex", question.sex, ""),
        ("autoantibody", question.autoantibody, ""),
    ):
        if value != default:
            query[name] = value
    if question.readers:
        query.setlist("reader", question.readers)
    if question.adjust:
        query.setlist("adjust", question.adjust)
    return query


def path_of(path: str, question: Question, choices: QuestionOptions, **extra: str) -> str:
    """Give the page's path with the question's address, and what else it says beside the question."""
    query = address(question, choices)
    query.update(extra)
    return f"{path}?{query.urlencode()}" if query else path
