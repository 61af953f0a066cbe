"""What the tables of participants and reads have where a test says nothing else."""

from types import MappingProxyType

READ = MappingProxyType(
    {
        "reader": "ann",
        "occasion": 1,
        "sequence": "STIR",
        "feature": "edema",
        "status": "signed_off",
        "is_first_mri": True,
        "assessed": 11,
        "not_assessable": 0,
        "signed_off_here_on": None,
    }
)
