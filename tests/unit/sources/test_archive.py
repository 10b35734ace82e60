"""Opening folders, zips, gzips and single files: names, limits, and everything an archive may lie about."""

from __future__ import annotations

import gzip
import io
import unicodedata
import zipfile
from pathlib import Path

import pytest

from passerelle.errors import MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.sources.archive import ArchiveLimits, InputFiles, open_input

MEGABYTE = 1024 * 1024


def content(files: InputFiles, name: str) -> bytes:
    with files.open(name) as stream:
        return stream.read()


def make_zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_one_interface_for_folder_zip_gzip_and_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"x;y\n")
    (folder / "deeper").mkdir()
    single = tmp_path / "a.csv"
    single.write_bytes(b"x;y\n")
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"x;y\n", mtime=0))
    for path in (folder, single, packed, make_zip(tmp_path / "a.zip", {"a.csv": b"x;y\n"})):
        with open_input(path) as files:
            assert files.names() == ("a.csv",)
            assert files.only(".csv") == "a.csv"
            with files.open("a.csv") as stream:
                assert stream.read() == b"x;y\n"
            with pytest.raises(KeyError):
                files.open("b.csv")


def test_a_member_can_be_read_twice_and_in_pieces(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.txt": b"0123456789" * 100_000})
    with open_input(path, ArchiveLimits(ratio=2000, bytes=MEGABYTE)) as files:
        for _ in range(3):
            with files.open("a.txt") as stream:
                assert stream.read(5) == b"01234"
                assert len(stream.read()) == 999_995


def test_names_are_nfc_whatever_the_archive_or_disk_has(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Compétences.csv")
    path = make_zip(tmp_path / "a.zip", {decomposed: b"x"})
    with open_input(path) as files:
        assert files.names() == ("Compétences.csv",)
        assert content(files, "Compétences.csv") == b"x"
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / decomposed).write_bytes(b"y")
    with open_input(folder) as files:
        assert content(files, "Compétences.csv") == b"y"


def test_utf8_names_without_the_flag(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"VoixdAccès.csv": b"x"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset + 1
        data[at] &= ~0x08
    path.write_bytes(bytes(data))
    with open_input(path) as files:
        assert files.names() == ("VoixdAccès.csv",)


def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bomb.zip", {"a.xml": b"\0" * (20 * MEGABYTE)})
    opened = open_input(path, ArchiveLimits(ratio=200))
    with opened as files, files.open("a.xml") as stream, pytest.raises(UnsafeInput) as caught:
        while stream.read(MEGABYTE):
            pass
    assert caught.value.message_id == "archive-bomb"
    assert caught.value.place.file == "bomb.zip/a.xml"


def test_a_bomb_that_lies_about_its_size_is_stopped_all_the_same(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "bomb.zip", {"a.xml": b"\0" * (20 * MEGABYTE)})
    data = path.read_bytes()
    true_size = (20 * MEGABYTE).to_bytes(4, "little")
    path.write_bytes(data.replace(true_size, (100).to_bytes(4, "little")))
    with open_input(path, ArchiveLimits(ratio=200)) as files:
        assert files.size("a.xml") == 100
        # zipfile cuts the member at its declared size, and its check sum then fails
        with files.open("a.xml") as stream, pytest.raises((UnsafeInput, MalformedInput)):
            stream.read()


def test_the_size_of_all_members_together_is_limited(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a": b"a" * 700, "b": b"b" * 700}, zipfile.ZIP_STORED)
    with open_input(path, ArchiveLimits(bytes=1000)) as files:
        assert len(content(files, "a")) == 700
        with pytest.raises(UnsafeInput):
            content(files, "b")


def test_a_gzip_bomb_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"\0" * (20 * MEGABYTE), mtime=0))
    opened = open_input(path, ArchiveLimits(ratio=200))
    with opened as files, files.open("a.csv") as stream, pytest.raises(UnsafeInput):
        stream.read()


def test_a_plain_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"x" * 2000)
    with open_input(path, ArchiveLimits(bytes=1000)) as files, pytest.raises(UnsafeInput):
        files.open("a.xml")


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "a/../../b.xml", "C:/a.xml", "a\\b.xml"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = make_zip(tmp_path / "a.zip", {name: b"x"})
    with pytest.raises(UnsafeInput) as caught:
        open_input(path)
    assert caught.value.message_id == "archive-name"


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("é.csv", b"1")
        archive.writestr(unicodedata.normalize("NFD", "é.csv"), b"2")
    with pytest.raises(UnsafeInput) as caught:
        open_input(path)
    assert caught.value.message_id == "archive-name-twice"


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.xml": b"x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with open_input(path) as files, pytest.raises(UnexpectedInput) as caught:
        files.open("a.xml")
    assert caught.value.message_id == "archive-encrypted"


def test_damage_is_named(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.xml": bytes(range(256)) * 400})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MalformedInput) as caught:
        open_input(path)
    assert caught.value.message_id == "archive-damaged"
    middle = len(whole) // 3
    path.write_bytes(whole[:middle] + b"\xff\xff\xff\xff" + whole[middle + 4 :])
    with open_input(path) as files, files.open("a.xml") as stream, pytest.raises(MalformedInput):
        stream.read()


def test_a_cut_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 400)[:-200])
    with open_input(path) as files, files.open("a.csv") as stream, pytest.raises(MalformedInput):
        stream.read()


def test_what_is_missing_or_ambiguous_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnexpectedInput) as caught:
        open_input(tmp_path / "none.zip")
    assert caught.value.message_id == "input-missing"
    for members in ({"a.txt": b""}, {"a.xml": b"", "b.xml": b""}):
        with open_input(make_zip(tmp_path / "a.zip", members)) as files, pytest.raises(UnexpectedInput) as caught:
            files.only(".xml")
        assert caught.value.message_id == "archive-not-one"
        assert ", ".join(files.ending(".xml")) in str(caught.value)
    with open_input(make_zip(tmp_path / "mac.zip", {"a.xml": b"", "__MACOSX/._a.xml": b""})) as files:
        assert files.only(".xml") == "a.xml"


def test_streams_behave_like_files(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.csv": "é;b\r\nc;d\r\n".encode()})
    with open_input(path) as files:
        text = io.TextIOWrapper(files.open("a.csv"), encoding="utf-8", newline="")
        assert list(text) == ["é;b\r\n", "c;d\r\n"]
        text.close()
