"""Errors of the servers and the system, said as a person can mend them."""

from __future__ import annotations

import errno

from aiokafka.errors import KafkaConnectionError, KafkaError
from elastic_transport import ConnectionError, TlsError, TransportError
from elasticsearch import ApiError

from schemas.errors import UserError


def explain(error: BaseException) -> UserError | None:
    """The one line for an error that is not ours; None for one that should show its trace."""
    match error:
        case UserError():
            return error
        case TlsError():
            return UserError(f"Elasticsearch: {_short(error)}", "check elasticsearch_ca_file")
        case ConnectionError():
            return UserError(
                f"Elasticsearch does not answer: {_short(error)}",
                "see tingchao stack status, or the setting elasticsearch_url",
            )
        case ApiError() if error.status_code in (401, 403):
            return UserError(
                f"Elasticsearch refused: {_short(error)}",
                "check the user's rights and the elasticsearch_… settings",
            )
        case ApiError() | TransportError():
            return UserError(f"Elasticsearch: {_short(error)}", "see tingchao stack logs")
        case KafkaConnectionError():
            return UserError(
                f"Kafka does not answer: {_short(error)}",
                "see tingchao stack status, or the setting kafka_bootstrap",
            )
        case KafkaError():
            return UserError(f"Kafka: {_short(error)}", "see tingchao stack logs")
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            where = f" (writing {error.filename})" if error.filename else ""
            return UserError(
                f"the disk is full{where}",
                "free some, or set TINGCHAO_DATA and TINGCHAO_CACHE to other folders",
            )
        case OSError() if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return UserError(f"not allowed: {_short(error)}", "check who owns that file")
        case FileNotFoundError() | NotADirectoryError() | IsADirectoryError():
            return UserError(f"{error.strerror}: {error.filename}", "check the path")
        case _:
            return None


def _short(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
