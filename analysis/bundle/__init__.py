"""One comparison as a ZIP that anyone can check without this site."""

from analysis.bundle.contents import Contents, MixedVersionsError
from analysis.bundle.files import bundle

__all__ = ["Contents", "MixedVersionsError", "bundle"]
