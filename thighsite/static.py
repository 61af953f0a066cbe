"""How static files are named and stored."""

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each content once, as (name, compressed name): pages link hashed names alone, and those never change.

        Brotli takes seconds over the largest file: too long for every start of the demo.
        """
        linked = set(paths) & set(self.hashed_files.values())
        yield from super().compress_files([path for path in linked if not self.exists(f"{path}.br")])
