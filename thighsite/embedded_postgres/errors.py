"""What can go wrong with the embedded server."""


class ServerError(RuntimeError):
    """The server cannot be made, started or reached; the message says why."""


class NotInstalledError(ServerError):
    """The wheel with PostgreSQL's programs is not installed."""
