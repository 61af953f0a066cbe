"""How a diagnosis group appears in figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """A diagnosis group: its code, what people call it, and its colour as #rrggbb."""

    code: str
    name: str
    colour: str
