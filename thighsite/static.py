"""How static files are named and stored."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.base import ContentFile, File
from whitenoise.storage import CompressedManifestStaticFilesStorage

OF_OTHERS = ("account/", "admin/", "mfa/", "vendor/")
COMMENTS = {
    # A line of its own, or what follows the end of a statement, a block or a list on its line.
    ".js": re.compile(rb"""^[ \t]*//.*$|(?<=[;,{}()\[\]])[ \t]+// [^"'`\n]*$""", re.MULTILINE),
    ".css": re.compile(rb"[ \t]*/\*.*?\*/", re.DOTALL),
}
INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)  # no text of own scripts goes over the end of its line


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each content once, as (name, compressed name): pages link hashed names alone, and those never change.

        Brotli takes seconds over the largest file: too long for every start of the demo.
        """
        linked = set(paths) & set(self.hashed_files.values())
        yield from super().compress_files([path for path in linked if not self.exists(f"{path}.br")])

    def get_modified_time(self, name: str) -> datetime:
        """Have collectstatic collect own files anew each time: how that is done may have changed since the last."""
        return datetime.min.replace(tzinfo=UTC) if _comment_in(name) else super().get_modified_time(name)

    def save(self, name: str, content: File, max_length: int | None = None) -> str:
        """Collect scripts and styles without comments and indents, a quarter of their weight. Line numbers hold."""
        if comment := _comment_in(name):
            bare = comment.sub(lambda found: b"\n" * found[0].count(b"\n"), content.read())
            content = ContentFile(INDENT.sub(b"", bare))
        return super().save(name, content, max_length)

    def post_process(self, paths: dict, *args, **options) -> Iterator:
        """Name and compress own files as they were collected, not as they lie in static/."""
        collected = {name: (self, name) if _comment_in(name) else source for name, source in paths.items()}
        yield from super().post_process(collected, *args, **options)


def _comment_in(name: str) -> re.Pattern | None:
    """Find how a comment is written in an own file; None for other files, which stay as they came."""
    return None if name.startswith(OF_OTHERS) else COMMENTS.get(Path(name).suffix)
