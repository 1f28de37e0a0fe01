"""What the driver says when PostgreSQL or the network is away, and what that means to a caller."""

import asyncpg

from chassis.refusals import Away, Invalid, LostRace, Refusal, TooManyCalls

_AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, crashed, starting up, statement cancelled by its limit
    asyncpg.ReadOnlySQLTransactionError,  # this one is no longer the primary
    asyncpg.InvalidTransactionStateError,
    asyncpg.InvalidAuthorizationSpecificationError,  # a password is being rotated
    asyncpg.InternalClientError,  # the server has gone, and the driver has not closed the connection yet
    ConnectionError,
    TimeoutError,
)
_FULL = (asyncpg.InsufficientResourcesError,)
_RACED = (asyncpg.TransactionRollbackError,)
_UNWRITABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)


def as_refusal(error: Exception) -> Refusal | None:
    """The refusal that an outage, a full disk, a lost race or unwritable text amounts to; None for anything else."""
    if isinstance(error, _AWAY) or _is_closed(error) or _is_socket(error):
        return Away()
    if isinstance(error, _FULL):
        return TooManyCalls(Away.default)
    if isinstance(error, _RACED):
        return LostRace()
    if isinstance(error, _UNWRITABLE):
        return Invalid("文字中含有无法保存的字符。")
    return None


def _is_closed(error: Exception) -> bool:
    """The driver tells a closed connection or pool by the same class as its own misuse: only the words differ."""
    return isinstance(error, asyncpg.InterfaceError) and ("closed" in str(error) or "closing" in str(error))


def _is_socket(error: Exception) -> bool:
    """A socket's error names no file; a missing socket of a stopped server is such a one."""
    return isinstance(error, OSError) and error.filename is None
