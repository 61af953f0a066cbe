"""Decoders of pixels stay under permissive licences."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_no_decoder_under_the_gpl_is_locked(lock):
    locked = {line.split("==")[0] for line in (ROOT / lock).read_text().splitlines() if "==" in line}

    assert "pylibjpeg-openjpeg" in locked
    assert "pylibjpeg-libjpeg" not in locked
