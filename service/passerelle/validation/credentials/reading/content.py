"""The bytes of a file made text: its size, what kind of file it is, and its encoding."""

from __future__ import annotations

import codecs

from passerelle.validation.credentials.model import NotReadable, Observation, Spot
from passerelle.validation.credentials.reading.limits import Limits

_ARCHIVES = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"Rar!\x1a\x07", "RAR"),
)
_OTHER_KINDS = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office (OLE)"),
    (b"SQLite format 3\x00", "SQLite"),
)
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_MEGABYTE = 1024 * 1024
_SAMPLE = 512
_WESTERN = "Windows-1252 (ISO-8859-1)"


def text_of(data: bytes, limits: Limits) -> tuple[str, tuple[Observation, ...]]:
    """The text without its byte order mark, and what is to be said about it. Nothing is ever decompressed.

    Raises NotReadable for a file that is too large, empty, of another kind, or not in UTF-8.
    """
    if len(data) > limits.bytes:
        sizes = {"size": _megabytes(len(data)), "limit": _megabytes(limits.bytes)}
        raise NotReadable(Observation("ELM-FILE-TOO-LARGE", parameters=sizes))
    for code, kinds in (("ELM-FILE-ARCHIVE", _ARCHIVES), ("ELM-FILE-OTHER-KIND", _OTHER_KINDS)):
        for start, kind in kinds:
            if data.startswith(start):
                raise NotReadable(Observation(code, parameters={"kind": kind}))
    encoding = _wide(data)
    if encoding:
        raise NotReadable(Observation("ELM-FILE-OTHER-ENCODING", parameters={"encoding": encoding}))
    marked = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if marked else data
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotReadable(_not_utf8(body, error)) from None
    if not text.strip():
        raise NotReadable(Observation("ELM-FILE-EMPTY"))
    if (place := text.find("\0")) >= 0:
        raise NotReadable(Observation("ELM-FILE-NUL", spot=spot_in(text, place)))
    return text, (Observation("ELM-FILE-BOM", spot=Spot(None, 1, 1)),) if marked else ()


def spot_in(text: str, offset: int) -> Spot:
    """Line and column, from 1, of an offset in a text."""
    return Spot(None, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _wide(data: bytes) -> str:
    """UTF-16 or UTF-32, by the mark at the start, or by zeros in every other byte of what would be ASCII."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    for offset in (0, 1):
        zeros, others = sample[offset::2], sample[1 - offset :: 2]
        if len(zeros) > 1 and not any(zeros) and all(others):
            return "UTF-16"
    return ""


def _not_utf8(body: bytes, error: UnicodeDecodeError) -> Observation:
    """Text in which every foreign byte is a letter of Windows-1252 is most probably that, unless it is UTF-8 so far."""
    before = body[: error.start].decode("utf-8")
    spot = spot_in(before, len(before))
    if before.isascii() and error.reason != "unexpected end of data":
        try:
            western = body.decode("cp1252")
        except UnicodeDecodeError:
            western = "\0"
        if not any(each < " " and each not in "\t\r\n" for each in western):
            return Observation("ELM-FILE-OTHER-ENCODING", spot=spot, parameters={"encoding": _WESTERN})
    return Observation("ELM-FILE-ENCODING", spot=spot)


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:.0f}" if size >= 10 * _MEGABYTE else f"{size / _MEGABYTE:.3g}"
