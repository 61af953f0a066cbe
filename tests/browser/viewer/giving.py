"""Stacks for the studies of a served site: its database and its storage for scans are another process's."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import numpy as np

GIVE = "from tests.browser.viewer.giving import give; give({given!r})"


def give_stacks(site, slug: str, stacks: dict[tuple[str, str], np.ndarray], **geometry) -> None:
    """Give MRIs of a study approved stacks: (MRI's code, sequence) → pixels of slices × rows × columns.

    ``geometry`` is what their manifests say beside what the pixels tell: by name, or by (MRI, sequence) as a dict.
    """
    with TemporaryDirectory() as folder:
        listed = []
        for number, ((mri, sequence), pixels) in enumerate(stacks.items()):
            np.save(Path(folder, f"{number}.npy"), pixels)
            own = geometry.get(f"{mri} {sequence}", {k: v for k, v in geometry.items() if " " not in k})
            listed.append({"mri": mri, "sequence": sequence, "pixels": f"{folder}/{number}.npy", "geometry": own})
        given = Path(folder, "given.json")
        given.write_text(json.dumps({"slug": slug, "stacks": listed}))
        site.manage(["shell", "--no-imports", "-v0", "-c", GIVE.format(given=str(given))])


def drawn(slices: int, *, seed: int = 0, size: int = 64) -> np.ndarray:
    """Slices of 16 bits of which no two are alike: noise below a square that grows."""
    noise = np.random.default_rng(seed).integers(0, 200, (slices, size, size), dtype=np.uint16)
    for number in range(slices):
        noise[number, : 4 + number, : 4 + number] += 800
    return noise


def give(given: str) -> None:
    """Make the stacks that a file lists, in the process of the site's commands."""
    from grading.models import MRI, Study
    from grading.stacks.packing import pack
    from tests.builders import make_member, make_stack, make_user

    wanted = json.loads(Path(given).read_text())
    study = Study.objects.get(slug=wanted["slug"])
    by = make_member(study, "coordinator", make_user(f"giver-{uuid4()}")).user
    for stack in wanted["stacks"]:
        pixels = np.load(stack["pixels"])
        count, rows, columns = pixels.shape
        known = {"rows": rows, "columns": columns, "bits": 8 * pixels.itemsize, "signed": pixels.dtype.kind == "i"}
        known["positions"] = tuple(5.0 * number for number in range(count))
        mri = MRI.objects.get(study=study, code=stack["mri"])
        packed = [pack(each) for each in pixels]
        make_stack(mri, stack["sequence"], slices=packed, by=by, **known | stack["geometry"])
