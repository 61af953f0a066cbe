"""The page's controls: links to the questions beside the one that is shown, and the form that restricts it."""

from dataclasses import dataclass, replace

from analysis.bundle.licence import DATA_LICENCES, DataLicence
from analysis.figure.catalogue import FIGURES
from analysis.stats.question import Question
from analysis.study_data.options import QuestionOptions
from analysis.web.forms.question import ADJUSTABLE, address
from analysis.web.question_request import QuestionRequest
from analysis.words.prose import capitalised
from analysis.words.question.catalogue import GRADES, MODELS, SETS, GradesWords, ModelWords, SetWords
from analysis.words.question.covariates import covariate_name
from analysis.words.question.deciding import P_VALUES, PWords
from analysis.words.question.restrictions import restrictions


@dataclass(frozen=True)
class Link:
    """A link to another state of the page, or to the one that is shown."""

    href: str
    text: str
    title: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Controls:
    """What the page offers around the question that it shows."""

    asked: QuestionRequest

    @property
    def question(self) -> Question:
        return self.asked.question

    @property
    def choices(self) -> QuestionOptions:
        return self.asked.choices

    @property
    def path(self) -> str:
        return self.asked.path

    @property
    def figures(self) -> list[Link]:
        return [
            Link(
                replace(self.asked, figure=figure).canonical_path,
                figure.tab,
                figure.title,
                figure.name == self.asked.figure.name,
            )
            for figure in FIGURES.values()
        ]

    @property
    def sets(self) -> list[Link]:
        return [self._tab(words, replace(self.question, analysis_set=words.code)) for words in SETS.values()]

    @property
    def models(self) -> list[Link]:
        return [self._tab(words, self._by(words)) for words in MODELS.values()]

    @property
    def grades(self) -> list[Link]:
        """List which grades can be compared; nothing where no adjudicator decided anything."""
        possible = [GRADES[name] for name in self.choices.grades]
        return [self._tab(words, replace(self.question, grades=words.code)) for words in possible if len(possible) > 1]

    @property
    def ordinal(self) -> Link:
        """Link to the page with the ordinal model, or without it where it is shown."""
        has = self.asked.has_ordinal
        return Link(replace(self.asked, has_ordinal=not has).canonical_path, "Leave it out" if has else "Compute it")

    @property
    def score(self) -> Link:
        """Link to the page with the pattern's score of many participants, or without it where it is shown."""
        has = self.asked.has_score
        return Link(replace(self.asked, has_score=not has).canonical_path, "Leave it out" if has else "Compute it")

    @property
    def data_licences(self) -> list[DataLicence]:
        """List the licences that an investigator may choose for a bundle's data."""
        return [*DATA_LICENCES.values()]

    @property
    def p_values(self) -> list[Link]:
        return [self._tab(words, replace(self.question, deciding=words.code)) for words in P_VALUES.values()]

    @property
    def restrictions(self) -> list[Link]:
        """List the restrictions, each with a link to the question without it."""
        return [Link(self._href(each.without), each.text) for each in restrictions(self.question)]

    @property
    def adjustments(self) -> list[Link]:
        """List the covariates, each with a link to the question that is not adjusted for it."""
        adjust, own = self.question.adjust, self.choices.own_covariates
        others = {name: tuple(other for other in adjust if other != name) for name in adjust}
        return [
            Link(self._href(replace(self.question, adjust=rest)), f"adjusted for {covariate_name(name, own)}")
            for name, rest in others.items()
        ]

    @property
    def covariates(self) -> dict[str, str]:
        """List what can be adjusted for, in words; nothing where the model cannot be."""
        if self.question.model not in ADJUSTABLE:
            return {}
        own = self.choices.own_covariates
        return {name: covariate_name(name, own) for name in self.choices.covariates}

    @property
    def unrestricted(self) -> str:
        return self._href(self.question.without_restrictions())

    @property
    def pairs(self) -> dict[str, str]:
        """List the pairs of groups to choose from, the one shown among them; none where the study has one pair."""
        if len(self.choices.groups) == 2:
            return {}
        return {self.groups: f"{self.question.compared} − {self.question.reference}"} | self.choices.pairs

    @property
    def groups(self) -> str:
        return f"{self.question.reference},{self.question.compared}"

    @property
    def hidden_fields(self) -> dict[str, str]:
        """Give what the form carries along: set, model, deciding p, order of two groups, and what is said beside."""
        query = address(replace(self.question.without_restrictions(), adjust=()), self.choices)
        unchanged = {name: str(query[name]) for name in query if name != "groups" or not self.pairs}
        return unchanged | self.asked.beside_in_address

    @property
    def ticked(self) -> tuple[str, ...]:
        """List the readers whose boxes are ticked: everybody, where nobody is singled out."""
        return self.question.readers or self.choices.readers

    def _by(self, words: ModelWords) -> Question:
        """The question of another model, adjusted if that can be."""
        return replace(self.question, model=words.code, adjust=self.question.adjust if words.code in ADJUSTABLE else ())

    def _tab(self, words: SetWords | ModelWords | GradesWords | PWords, question: Question) -> Link:
        return Link(self._href(question), capitalised(words.name), capitalised(words.about), question == self.question)

    def _href(self, question: Question) -> str:
        return replace(self.asked, question=question).canonical_path
