"""A submitted file as bytes in memory: credentials name persons, so nothing of a request is ever written to disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any

from flask import Request
from gunicorn.http.errors import ParseException
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import (
    BLANK_LINE_RE,
    Data,
    Epilogue,
    Event,
    Field,
    File,
    MultipartDecoder,
    NeedData,
    State,
)

from passerelle.errors import ParameterError, RequestError, RequestTooLarge, UnsupportedMediaType
from passerelle.web.http.slow_clients import broken, reading_a_body

_Parsed = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]

MEDIA_TYPES = (
    "application/json",
    "application/ld+json",
    "application/vc+ld+json",
    "application/vc",
    "application/jose",
    "application/jose+json",
    "text/turtle",
    "application/n-triples",
    "application/n-quads",
    "application/trig",
    "application/rdf+xml",
    "text/plain",
    "application/octet-stream",
)
"""Types of a body that is the file itself."""
MULTIPART = "multipart/form-data"

BROKEN_BODY = (ClientDisconnected, OSError, ParseException)
"""What reading a body raises when it breaks off, or comes in chunks that are none."""

FILE_FIELD, TEXT_FIELD = "file", "text"
_OVERHEAD_BYTES = 65_536
"""Boundaries, part headers and the other fields around a file."""
_MAX_PARTS = 20
_PART_HEADER_BYTES = 65_536
_DRAINED_BYTES = 256 * 1024**2
_PIECE_BYTES = 65_536
_LONGEST_NAME = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it came (empty: none): `name` and `media_type` are what the sender says of it, "" where nothing helps.

    `fields` are the other fields of a form.
    """

    data: bytes
    name: str = ""
    media_type: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


class _Decoder(MultipartDecoder):
    """Refuses the header of a part that is too long before looking into it, which takes seconds for millions of bytes.

    Raises RequestTooLarge.
    """

    def next_event(self) -> Event:
        if (
            self.state is State.PART
            and len(self.buffer) > _PART_HEADER_BYTES
            and not BLANK_LINE_RE.search(self.buffer, 0, _PART_HEADER_BYTES)
        ):
            raise RequestTooLarge("page-part-header", limit=_PART_HEADER_BYTES // 1024)
        return super().next_event()


class _StrictFormParser(FormDataParser):
    """Keeps files in memory; by default, large ones go through temporary files.

    Raises ValueError for a form that is cut or malformed, which would otherwise pass for an empty one. All that is read
    is bounded by `max_content_length`.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "silent": False})

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> _Parsed:
        """The fields and the files of a form."""
        if mimetype != MULTIPART:
            return super().parse(stream, mimetype, content_length, options)
        boundary = (options or {}).get("boundary", "").encode("ascii")
        if not boundary:
            raise ValueError("no boundary")
        form: MultiDict[str, str] = MultiDict()
        files: MultiDict[str, FileStorage] = MultiDict()
        decoder = _Decoder(boundary, self.max_form_memory_size, max_parts=self.max_form_parts)
        for part, content in _parts(decoder, stream):
            if isinstance(part, File):
                files.add(part.name, FileStorage(content, part.filename, part.name, headers=part.headers))
            else:
                form.add(part.name, content.getvalue().decode("utf-8", "replace"))
        return stream, form, files


def _parts(decoder: MultipartDecoder, stream: IO[bytes]) -> Iterator[tuple[Field | File, BytesIO]]:
    part: Field | File | None = None
    content = BytesIO()
    data: bytes | None = b""
    while data is not None:
        # None tells the decoder that this was all
        data = stream.read(_PIECE_BYTES) or None
        decoder.receive_data(data)
        while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
            if isinstance(event, (Field, File)):
                part, content = event, BytesIO()
            elif isinstance(event, Data) and part is not None:
                content.write(event.data)
                if not event.more_data:
                    content.seek(0)
                    yield part, content


class InMemoryRequest(Request):
    """A request whose uploaded files stay in memory."""

    form_data_parser_class = _StrictFormParser


def receive(request: Request, limit: int) -> Submission:
    """The file that a POST holds: its body, or the field `file` or `text` of a multipart form.

    `limit` is in bytes. Raises RequestTooLarge, UnsupportedMediaType (also for a compressed body), ParameterError (two
    files), RequestError (the body is cut or malformed).
    """
    with reading_a_body(request):
        try:
            return _received(request, limit)
        except RequestError:
            # most clients hear an answer only when they have sent everything
            _drain(request)
            raise


def megabytes(size: int) -> str:
    """A size in bytes as a number of megabytes (of 1,048,576 bytes) without needless decimals."""
    return f"{size / 1024**2:.4g}"


def _received(request: Request, limit: int) -> Submission:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        # what it unpacks to is not known before it is unpacked
        raise UnsupportedMediaType("validate-encoding", encoding=_shown(encoding))
    media_type = request.mimetype or "application/octet-stream"
    if media_type != MULTIPART and media_type not in MEDIA_TYPES:
        raise UnsupportedMediaType(
            "validate-media-type", media_type=_shown(media_type), known=", ".join((MULTIPART, *MEDIA_TYPES))
        )
    request.max_content_length = limit + _OVERHEAD_BYTES
    # a pasted text is a field
    request.max_form_memory_size = limit + _OVERHEAD_BYTES
    request.max_form_parts = _MAX_PARTS
    try:
        found = _of_form(request) if media_type == MULTIPART else _of_body(request, media_type)
    except RequestEntityTooLarge as error:
        raise RequestTooLarge("validate-too-large", limit=megabytes(limit)) from error
    except (*BROKEN_BODY, ValueError) as error:
        raise broken(request, error) from error
    if len(found.data) > limit:
        raise RequestTooLarge("validate-too-large", limit=megabytes(limit))
    return found


def _of_body(request: Request, media_type: str) -> Submission:
    data = request.get_data(cache=False)
    if request.content_length is not None and len(data) != request.content_length:
        raise broken(request)
    return Submission(data, media_type=_hint(media_type))


def _of_form(request: Request) -> Submission:
    fields = {name: value for name, value in request.form.items() if name != TEXT_FIELD}
    # browsers send an empty part for a field that nobody filled
    files = [each for each in request.files.getlist(FILE_FIELD) if each.filename or _content(each.stream)]
    texts = [each for each in request.form.getlist(TEXT_FIELD) if each.strip()]
    if len(files) + len(texts) > 1:
        raise ParameterError("validate-two-files")
    if files:
        return Submission(_content(files[0].stream), _name(files[0].filename or ""), _hint(files[0].mimetype), fields)
    # browsers write every line break of a text area as CR LF
    data = "".join(texts).replace("\r\n", "\n").encode()
    return Submission(data, fields=fields)


def _content(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read()


def _name(given: str) -> str:
    """The name without folders, and without characters that could change how a line of text reads."""
    return _UNPRINTABLE.sub("", given.replace("\\", "/").rpartition("/")[2])[:_LONGEST_NAME]


def _hint(media_type: str) -> str:
    """A type that says something about the form; browsers guess the rest from the file's name."""
    silent = media_type not in MEDIA_TYPES or media_type in ("application/octet-stream", "text/plain")
    return "" if silent else media_type


def _shown(text: str) -> str:
    return _UNPRINTABLE.sub("", text)[:_LONGEST_NAME]


def _drain(request: Request) -> None:
    """Read what the client still sends, up to a limit, and forget it."""
    stream = request.environ["wsgi.input"]
    left = min(request.content_length or _DRAINED_BYTES, _DRAINED_BYTES)
    try:
        while left > 0 and (piece := stream.read(min(_PIECE_BYTES, left))):
            left -= len(piece)
    except BROKEN_BODY:
        return
