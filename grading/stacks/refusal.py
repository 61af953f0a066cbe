"""Why an upload of DICOM, or one image of it, cannot be taken: a coordinator's sentences, with what would be right."""


class Refused(Exception):
    """Nothing of the upload is taken. ``reason`` is a sentence that names nobody and nothing of the files' contents."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


class LeftOut(Exception):
    """One file or image is not taken, and the others may be. ``reason`` says what it is, and what would be right."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason
