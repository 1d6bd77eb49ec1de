"""The database: engine, session, transactions, and columns that encrypt themselves.

It works without Flask: the command line, a worker and the tests bind it with `connect()`.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    mapped_column,
    scoped_session,
    sessionmaker,
)
from sqlalchemy.types import TypeDecorator

from jkn.encryption import Keyring
from jkn.keys import decode_data_key
from jkn.settings import Settings

# A database server that vanished (no answer to any packet) is given up after 20 s, not after the
# quarter of an hour that the system would try. Options in the database's address override these.
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "2",
    "tcp_user_timeout": "20000",
}

# How PostgreSQL and SQLite call a write to a database that takes none. To the driver of the former
# it is an internal error.
_READ_ONLY = ("25006", "SQLITE_READONLY")

# How long SQLite waits for another writer.
_BUSY_TIMEOUT = "busy_timeout=5000"

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound="Base")

session = scoped_session(sessionmaker(expire_on_commit=False))
_keyring: Keyring | None = None
# What to do once the transaction under way is committed; None: no transaction is open.
_afterwards: ContextVar[list[Callable[[], object]] | None] = ContextVar("afterwards", default=None)

# SQLite numbers rows by itself only where the key is a plain INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")
LARGEST_ID = 2**63 - 1


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can speak of it on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def connect(settings: Settings) -> Engine:
    """Make an engine for these settings and `bind()` it."""
    # Parameters hold personal data, so they are hidden from error messages and logs.
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        url = url.set(query={**_PATIENCE, **url.query})
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    _keep_rows_out_of_errors(engine)
    if engine.dialect.name == "sqlite":
        _make_sqlite_dependable(engine)
    bind(engine, settings)
    return engine


def bind(engine: Engine, settings: Settings) -> None:
    """Let the session use this engine, and encrypted columns the data keys of these settings."""
    global _keyring
    _keyring = Keyring([decode_data_key(key) for key in settings.data_key])
    session.remove()
    session.configure(bind=engine)


def keyring() -> Keyring:
    """The data keys. Raises RuntimeError before `connect()`."""
    if _keyring is None:
        raise RuntimeError("connect() has not been called")
    return _keyring


def _keep_rows_out_of_errors(engine: Engine) -> None:
    """When PostgreSQL refuses a row, its error message holds the whole row: birth dates, hashes,
    digests. This cuts them out."""

    @event.listens_for(engine, "handle_error")
    def cut_detail(context: ExceptionContext) -> None:
        refused = context.original_exception
        detail = getattr(getattr(refused, "diag", None), "message_detail", None)
        for error in (refused, context.sqlalchemy_exception):
            if detail and error is not None:
                message, *more = error.args
                error.args = (message.partition(detail)[0].rpartition("\n")[0], *more)


def _make_sqlite_dependable(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:
        # The driver's own transaction control starts too late for BEGIN IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            _BUSY_TIMEOUT,
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails when another one wrote meanwhile.
        # With the write lock taken at the beginning it waits instead.
        connection.exec_driver_sql("BEGIN" if _afterwards.get() is None else "BEGIN IMMEDIATE")


def is_unavailable(error: DBAPIError) -> bool:
    """Whether the database could not do its work: it is away, or takes no writes, as a standby that
    was not promoted. Otherwise what it was asked was wrong."""
    is_away = error.connection_invalidated or isinstance(error, OperationalError)
    return is_away or _takes_no_writes(error)


def is_writable() -> bool:
    """Whether the database takes writes now. Nothing is written, and no writer is waited for."""
    if session.get_bind().dialect.name != "sqlite":
        return bool(session.scalar(text("SHOW transaction_read_only")) == "off")
    try:
        session.execute(text("PRAGMA busy_timeout=0"))
        session.execute(text("UPDATE alembic_version SET version_num = '' WHERE 0"))
    except OperationalError as error:
        # Refused because somebody else is writing, it does take writes.
        return not _takes_no_writes(error)
    finally:
        session.execute(text(f"PRAGMA {_BUSY_TIMEOUT}"))
        session.rollback()
    return True


def _takes_no_writes(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", "")
    return str(code).startswith(_READ_ONLY)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit at the end of the block, roll back on an exception. Raises RuntimeError when a
    transaction is open already: they are never nested."""
    if _afterwards.get() is not None:
        raise RuntimeError("a transaction is open already; share a private helper instead")
    session.rollback()  # ends a read transaction, so that this one begins as a writer
    afterwards: list[Callable[[], object]] = []
    token = _afterwards.set(afterwards)
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        _afterwards.reset(token)
    for act in afterwards:
        act()


def when_committed(act: Callable[[], object]) -> None:
    """Call `act` after the commit of the transaction under way, and never when it is rolled back;
    at once when none is open. An act that is added twice is called once. It must not raise."""
    afterwards = _afterwards.get()
    if afterwards is None:
        act()
    elif act not in afterwards:
        afterwards.append(act)


def transactional(command: Callable[P, R]) -> Callable[P, R]:
    """Decorate a command of the services: each call is one transaction."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return command(*args, **kwargs)

    return run


class EncryptedText(TypeDecorator[str]):
    """Text that is stored encrypted with the data key. `place`: "table.column", to which the stored
    value is bound."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring().encrypt(self.place, value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else keyring().decrypt(self.place, value)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC, also on SQLite, which stores no time zones. Raises ValueError for a naive time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive time")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EnumText(TypeDecorator[StrEnum]):
    """A value of an enum as plain text. A value of a newer release is read as a member UNKNOWN with
    that value. Such a member comes from here alone; writing it raises LookupError."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(length=40)
        self.kind = kind
        self._members = {member.value: member for member in kind}

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and value not in self._members:
            raise LookupError(f"no {self.kind.__name__} of this release")
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self._members.get(value) or self._newer(value)

    def _newer(self, value: str) -> StrEnum:
        member = str.__new__(self.kind, value)
        member._name_, member._value_ = "UNKNOWN", value
        return member


def enum_column(kind: type[StrEnum], *, nullable: bool = False) -> Any:
    """A column for the values of an enum. A new value needs no migration."""
    return mapped_column(EnumText(kind), nullable=nullable)


def is_of_this_release(row: object) -> bool:
    """Whether this release knows every enum value in the row. If not, a newer release wrote it, and
    its servers know how it goes on."""
    enums = [it for it in vars(row).values() if isinstance(it, StrEnum)]
    return all(it.name in type(it).__members__ for it in enums)


def lock_row(table: type[M], key: object) -> M | None:
    """The row with this primary key as it is now, locked until the transaction under way ends.
    None: there is none. It is an UPDATE that changes nothing, since SQLite ignores FOR UPDATE."""
    return session.scalars(_lock(table), {"locked": key}).one_or_none()


@functools.cache
def _lock(table: type[Base]) -> Any:
    # Cached: building takes as long as executing.
    (key,) = table.__table__.primary_key
    return (
        update(table)
        .where(key == bindparam("locked"))
        .values({key: key})
        .returning(table)
        .execution_options(populate_existing=True, synchronize_session=False)
    )


def insert_into(table: type[Base]) -> PostgresqlInsert | SqliteInsert:
    """An INSERT with the `on_conflict…` methods of the database in use."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite_insert(table) if is_sqlite else postgresql_insert(table)


def put_into(table: type[Base]) -> PostgresqlInsert | SqliteInsert:
    """An INSERT of one row, which replaces the row with the same key if there is one. Give the
    values when executing it, and leave none out."""
    return _put(table, session.get_bind().dialect.name)


@functools.cache
def _put(table: type[Base], _dialect: str) -> PostgresqlInsert | SqliteInsert:
    # Cached: building takes as long as executing.
    statement, columns = insert_into(table), table.__table__.columns
    others = {it.name: statement.excluded[it.name] for it in columns if not it.primary_key}
    key = [it.name for it in columns if it.primary_key]
    return statement.on_conflict_do_update(index_elements=key, set_=others)


def is_among(
    column: InstrumentedAttribute[str], values: Select[str] | CompoundSelect[str]
) -> ColumnElement[bool]:
    """Whether the column has one of these values: they are found first, and then the rows by the
    column's index. With `in_` PostgreSQL does so only where it expects few values; for many, or
    before it has counted them, it reads the table whole, or asks again for each of its rows."""
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(values)
    return column == any_(func.array(values.scalar_subquery()))


def unindexed(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The text of the column as an expression that no index has: it is looked at in the rows which
    other conditions find, whatever the planner thinks of these."""
    return type_coerce(column, String).concat("")


def blind_index(place: str, value: str) -> list[bytes]:
    """Keyed digests of a value, that of the current key first: store the first, search for all."""
    return keyring().index(place, value)


def keep_indexed(column: InstrumentedAttribute[Any], index: InstrumentedAttribute[Any]) -> None:
    """Set the blind index of `column` whenever `column` is set on an object."""
    place = f"{column.class_.__tablename__}.{column.key}"
    index_name = index.key

    @event.listens_for(column, "set")
    def follow(target: object, value: str | None, _old: object, _event: object) -> None:
        digest = None if value is None else blind_index(place, value)[0]
        setattr(target, index_name, digest)
