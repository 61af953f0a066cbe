"""The page's controls: links to the questions beside the one that is shown, and the form that restricts it."""

from dataclasses import dataclass, replace

from analysis.choices import Choices
from analysis.forms import address, path_of
from analysis.question import Question
from analysis.words.restrictions import restrictions

_SETS = {
    "all": ("All participants", "Every participant once: by edema, or by fat where only fat was graded"),
    "edema": ("Edema only", "Participants scored for fat are left out"),
}
_MODELS = {
    "per-muscle": ("Per muscle", "One model for each muscle"),
    "joint": ("Joint model", "One model for all muscles: a sensitivity analysis"),
}


@dataclass(frozen=True)
class Link:
    """A link to another state of the page, or to the one that is shown."""

    href: str
    text: str
    title: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Controls:
    """What the page at a path offers around the question that it shows."""

    path: str
    question: Question
    choices: Choices

    @property
    def sets(self) -> list[Link]:
        return self._tabs("analysis_set", _SETS)

    @property
    def models(self) -> list[Link]:
        return self._tabs("model", _MODELS)

    @property
    def restrictions(self) -> list[Link]:
        """Each leads to the question without it."""
        return [Link(self._href(each.without), each.text) for each in restrictions(self.question)]

    @property
    def unrestricted(self) -> str:
        return self._href(self.question.without_restrictions())

    @property
    def pairs(self) -> dict[str, str]:
        """The groups to choose from, the pair shown among them; none where the study has only two."""
        if len(self.choices.groups) == 2:
            return {}
        return {self.groups: f"{self.question.compared} − {self.question.reference}"} | self.choices.pairs

    @property
    def groups(self) -> str:
        return f"{self.question.reference},{self.question.compared}"

    @property
    def kept(self) -> dict[str, str]:
        """What the form carries along: set, model, and two groups the other way round."""
        query = address(self.question.without_restrictions(), self.choices)
        return {name: value for name, value in query.items() if name != "groups" or not self.pairs}

    @property
    def ticked(self) -> tuple[str, ...]:
        """The readers whose boxes are ticked: everybody, where nobody is singled out."""
        return self.question.readers or self.choices.readers

    def _tabs(self, field: str, words: dict[str, tuple[str, str]]) -> list[Link]:
        return [
            Link(self._href(replace(self.question, **{field: name})), *said, getattr(self.question, field) == name)
            for name, said in words.items()
        ]

    def _href(self, question: Question) -> str:
        return path_of(self.path, question, self.choices)
