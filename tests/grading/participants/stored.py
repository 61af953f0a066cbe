"""What is stored of participants, and why it was changed."""

from grading.models import MRI, Participant, Read, TrailRecord


def stored() -> list:
    """Everything about participants, MRIs and reads."""
    return [
        *Participant.objects.order_by("pk").values_list(),
        *MRI.objects.order_by("pk").values_list(),
        *Read.objects.order_by("pk").values_list(),
    ]


def reasons(*things) -> set[str]:
    """The reasons that the trail's records of some rows give."""
    return set(TrailRecord.objects.filter(key__in=[str(each.pk) for each in things]).values_list("reason", flat=True))
