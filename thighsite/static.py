"""How static files are named and stored."""

import re
from collections.abc import Iterable, Iterator

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

OF_OTHERS = ("account/", "admin/", "mfa/", "vendor/")
LINE_OF_COMMENT = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each content once, as (name, compressed name): pages link hashed names alone, and those never change.

        Brotli takes seconds over the largest file: too long for every start of the demo.
        """
        linked = set(paths) & set(self.hashed_files.values())
        yield from super().compress_files([path for path in linked if not self.exists(f"{path}.br")])

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        """Collect a script without the lines that are a comment: a quarter of its weight. Line numbers stay true."""
        if _is_own_script(name):
            content = ContentFile(LINE_OF_COMMENT.sub(b"", content.read()))
        return super().save(name, content, max_length)

    def post_process(self, paths: dict, *args, **options) -> Iterator:
        """Name and compress own scripts as they were collected, not as they lie in static/."""
        collected = {name: (self, name) if _is_own_script(name) else source for name, source in paths.items()}
        yield from super().post_process(collected, *args, **options)


def _is_own_script(name: str) -> bool:
    return name.endswith(".js") and not name.startswith(OF_OTHERS)
