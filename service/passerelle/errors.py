"""The one exception tree; each error says what happened, where, and what to do, in French and English.

    PasserelleError
    ├── SettingsError              a setting or command-line value that cannot be used
    ├── InputError                 a source file that cannot be used at all
    │   ├── UnsafeInput            refused before parsing: DOCTYPE, archive bomb, oversized
    │   ├── MalformedInput         syntax or encoding that cannot be read
    │   └── UnexpectedInput        well formed, but another version, layout or language
    ├── ReleaseError               the releases folder
    │   ├── UnknownRelease
    │   ├── NoCurrentRelease
    │   ├── ReleaseInUse
    │   ├── ReleaseSwitched        somebody else pointed `current` elsewhere meanwhile
    │   ├── DamagedRelease
    │   ├── NoComparison           a release without an index to compare by
    │   └── BuildInProgress
    ├── BuildRefused               built, but not published (rejects under --strict)
    ├── RequestError               what a client sent
    │   ├── QuerySyntaxError
    │   ├── QueryTooComplex        the engine cannot take it apart
    │   ├── QueryRefused           update, SERVICE, foreign FROM
    │   ├── UnknownName            no such named query, page or resource
    │   │   └── UnknownUnit        the release describes no such unit
    │   ├── ParameterError         of a named query
    │   ├── NotAcceptable
    │   ├── UnsupportedMediaType
    │   ├── RequestTooLarge
    │   ├── RequestTooSlow
    │   ├── Unauthorised           no token, or a wrong one
    │   ├── Withdrawn              was here in an earlier release
    │   └── TooManyRequests        this client, more than its share
    └── CapacityError              the service, not the client, could not
        ├── QueryTimeout
        ├── QueryOutOfMemory
        ├── AnswerTooLarge         more rows or bytes than the service gives
        ├── BackendFailed          a remote engine that does not answer the whole
        │   └── BackendUnreachable not there at the moment
        ├── ValidationTimeout
        ├── ValidationOutOfMemory
        ├── WorkerLost
        └── Overloaded

Texts stand in `messages/*.tsv`, never in the code: an error carries the identifier of its message,
the parameters of the sentence, and a `Place`.
"""

from __future__ import annotations

from http import HTTPStatus

from passerelle.messages import Language, message
from passerelle.records.place import NOWHERE, Place


class PasserelleError(Exception):
    """Base of all errors that a user may see.

    Attributes: `message_id` (key into `messages/*.tsv`), `place`, `parameters` (fill the sentence).
    """

    http_status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    exit_code: int = 2

    def __init__(self, message_id: str, *, place: Place = NOWHERE, **parameters: object) -> None:
        super().__init__(message_id)
        self.message_id = message_id
        self.place = place
        self.parameters = parameters

    def what(self, language: Language = "en") -> str:
        """What happened, as a sentence in `language`."""
        return message(self.message_id).what(language, **self.parameters)

    def remedy(self, language: Language = "en") -> str:
        """What the user can do about it, as a sentence in `language`; may be empty."""
        return message(self.message_id).remedy(language, **self.parameters)

    def __str__(self) -> str:
        where = str(self.place)
        parts = (f"{where}: {self.what()}" if where else self.what(), self.remedy())
        return " ".join(part for part in parts if part)


class SettingsError(PasserelleError):
    """A setting or command-line value that cannot be used."""

    http_status = HTTPStatus.BAD_REQUEST


class InputError(PasserelleError):
    """A source file that cannot be used at all; the current release stays untouched."""

    http_status = HTTPStatus.BAD_REQUEST


class UnsafeInput(InputError):
    """Refused before parsing."""


class MalformedInput(InputError):
    """Syntax or encoding that cannot be read."""


class UnexpectedInput(InputError):
    """Well formed, but another version, layout or language than the one announced."""


class ReleaseError(PasserelleError):
    """Something about the releases folder."""


class UnknownRelease(ReleaseError):
    """No release has this identifier."""

    http_status = HTTPStatus.NOT_FOUND


class NoCurrentRelease(ReleaseError):
    """Nothing has been built or activated yet."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class ReleaseInUse(ReleaseError):
    """The current release cannot be removed."""

    http_status = HTTPStatus.CONFLICT


class ReleaseSwitched(ReleaseError):
    """Somebody else made another release the current one meanwhile."""

    http_status = HTTPStatus.CONFLICT


class DamagedRelease(ReleaseError):
    """A release folder without a readable manifest or store."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class NoComparison(ReleaseError):
    """The release was built without the index that comparisons need."""

    http_status = HTTPStatus.NOT_IMPLEMENTED


class BuildInProgress(ReleaseError):
    """Another build holds the writer's lock."""

    http_status = HTTPStatus.CONFLICT


class BuildRefused(PasserelleError):
    """The build went through but was not published, because the user asked for strictness."""

    exit_code = 1


class RequestError(PasserelleError):
    """What a client sent cannot be answered."""

    http_status = HTTPStatus.BAD_REQUEST


class QuerySyntaxError(RequestError):
    """Not SPARQL 1.1 Query."""


class QueryRefused(RequestError):
    """Valid SPARQL that this service does not run."""

    http_status = HTTPStatus.FORBIDDEN


class UnknownName(RequestError):
    """No such named query, page or resource."""

    http_status = HTTPStatus.NOT_FOUND


class UnknownUnit(UnknownName):
    """The release describes no unit of this identifier."""


class ParameterError(RequestError):
    """A parameter of a named query is missing, unknown or of the wrong type."""


class NotAcceptable(RequestError):
    """None of the formats that the client accepts can be made."""

    http_status = HTTPStatus.NOT_ACCEPTABLE


class UnsupportedMediaType(RequestError):
    """The body's type is not one that the protocol knows."""

    http_status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class RequestTooLarge(RequestError):
    """The body or query is over the limit."""

    http_status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class RequestTooSlow(RequestError):
    """The body did not come in time."""

    http_status = HTTPStatus.REQUEST_TIMEOUT


class QueryTooComplex(RequestError):
    """Valid, but nested or chained deeper than the engine can take."""


class Unauthorised(RequestError):
    """The request bears no token, or a wrong one."""

    http_status = HTTPStatus.UNAUTHORIZED


class Withdrawn(RequestError):
    """What was asked for is gone since an earlier release."""

    http_status = HTTPStatus.GONE


class TooManyRequests(RequestError):
    """One client asks for more than its share."""

    http_status = HTTPStatus.TOO_MANY_REQUESTS


class CapacityError(PasserelleError):
    """The service could not answer within its limits."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class QueryTimeout(CapacityError):
    """The query ran past its time limit and was killed."""


class QueryOutOfMemory(CapacityError):
    """The query ran past its memory limit and was killed."""


class AnswerTooLarge(CapacityError):
    """The answer has more rows or bytes than the service gives."""


class BackendFailed(CapacityError):
    """A remote engine did not answer, or did not say that its answer is whole."""

    http_status = HTTPStatus.BAD_GATEWAY


class BackendUnreachable(BackendFailed):
    """A remote engine is not there at the moment; asked later it may be."""

    http_status = HTTPStatus.SERVICE_UNAVAILABLE


class ValidationTimeout(CapacityError):
    """The validation of a document ran past its time limit and was killed."""


class ValidationOutOfMemory(CapacityError):
    """The validation of a document ran past its memory limit and was killed."""


class WorkerLost(CapacityError):
    """A worker process ended without an answer."""


class Overloaded(CapacityError):
    """All workers are busy and the queue is full."""
