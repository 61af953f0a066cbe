"""How static files are named and stored."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names carry a hash of the content, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
