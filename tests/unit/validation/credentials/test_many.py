"""Which files are found in what a user names, what is left out, and what an archive may not do."""

from __future__ import annotations

import io
import os
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from passerelle.errors import InputError, MalformedInput, UnexpectedInput, UnsafeInput
from passerelle.validation.credentials.many import InputLimits, Omission, Submissions, shown_name

MEGABYTE = 1024**2


def found(*paths: Path, limits: InputLimits | None = None) -> dict[str, bytes | InputError]:
    """The content of each file, or why it cannot be had."""
    contents: dict[str, bytes | InputError] = {}
    for each in Submissions(paths, limits=limits or InputLimits()):
        try:
            contents[each.name] = each.load()
        except InputError as error:
            contents[each.name] = error
    return contents


def archive(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as opened:
        for name, content in members:
            opened.writestr(zipfile.ZipInfo(name), content, method)
    return path


def test_files_folders_archives_and_standard_input_in_the_order_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    for name in ("b.json", "a.jsonld", "inner/c.ttl", "no-ending", "Z.RDF"):
        (folder / name).write_text(name)
    archive(folder / "d.zip", ("y.json", b"y"), ("in/x.json", b"x"))
    single = tmp_path / "single.md"
    single.write_text("named outright, so it is taken")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"piped")))
    contents = found(Path("-"), single, folder)
    assert {name.removeprefix(f"{tmp_path}/"): content for name, content in contents.items()} == {
        "-": b"piped",
        "single.md": b"named outright, so it is taken",
        "folder/Z.RDF": b"Z.RDF",
        "folder/a.jsonld": b"a.jsonld",
        "folder/b.json": b"b.json",
        "folder/d.zip/in/x.json": b"x",
        "folder/d.zip/y.json": b"y",
        "folder/inner/c.ttl": b"inner/c.ttl",
        "folder/no-ending": b"no-ending",
    }
    assert list(contents)[:2] == ["-", str(single)]
    assert [name.rpartition("folder/")[2] for name in list(contents)[2:]] == [
        "Z.RDF", "a.jsonld", "b.json", "d.zip/in/x.json", "d.zip/y.json", "inner/c.ttl", "no-ending",
    ]  # fmt: skip


def test_what_is_left_out_is_counted_with_its_reason(tmp_path: Path) -> None:
    for name in (".hidden.json", "read.me.MD", "picture.png", "table.csv", "report.json"):
        (tmp_path / name).write_text("{}")
    (tmp_path / ".git").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.json")
    archive(
        tmp_path / "all.zip",
        ("__MACOSX/._a.json", b""),
        (".b/c.json", b""),
        ("read.md/d.json", b"kept"),
        ("e.pdf", b""),
        ("inner.zip", b""),
        ("../f.json", b"kept"),
    )
    submissions = Submissions([tmp_path], report=tmp_path / "report.json")
    names = [each.name.removeprefix(f"{tmp_path}/") for each in submissions]
    # a name that leads out of an archive harms nobody, as nothing is unpacked
    assert names == ["all.zip/../f.json", "all.zip/read.md/d.json"]
    assert submissions.omitted == {
        Omission.HIDDEN: 4,
        Omission.OTHER_KIND: 4,
        Omission.LINKED_FOLDER: 1,
        Omission.NOT_A_FILE: 1,
        Omission.NESTED_ARCHIVE: 1,
        Omission.REPORT: 1,
    }
    assert len(list(submissions)) == 2
    assert submissions.omitted.total() == 12


def test_a_path_that_does_not_exist_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(UnexpectedInput) as caught:
        next(iter(Submissions([tmp_path / "a.json", tmp_path / "b.json"])))
    assert caught.value.place.file == str(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("names", "one"), [(["-"], True), (["a.json"], True), (["a.json", "b.json"], False), (["."], False), (["z"], False)]
)
def test_whether_one_document_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], one: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.json", "b.json"):
        Path(name).write_text("{}")
    archive(Path("z"), ("a.json", b""))  # an archive without its ending
    assert Submissions([Path(name) for name in names]).one is one


def test_a_document_past_its_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").write_bytes(b"x" * 11)
    archive(tmp_path / "b.zip", ("c.json", b"y" * 11))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"z" * 11)))
    errors = list(found(tmp_path, Path("-"), limits=InputLimits(document=10)).values())
    assert [getattr(each, "message_id", each) for each in errors] == ["input-too-large"] * 3
    assert len(found(tmp_path, limits=InputLimits(document=11))[f"{tmp_path}/a.json"]) == 11
    assert [each.size for each in Submissions([tmp_path])] == [11, 11]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_handed_on_with_the_reason(tmp_path: Path) -> None:
    for name in ("a.json", "b.zip"):
        (tmp_path / name).write_bytes(b"")
        (tmp_path / name).chmod(0)
    (tmp_path / "c").mkdir(mode=stat.S_IWUSR)
    errors = list(found(tmp_path).values())
    assert [type(each) for each in errors] == [InputError] * 3


def test_a_damaged_archive_and_its_good_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 and no more")
    whole = archive(tmp_path / "b.zip", ("c.json", b"c" * 1000), ("d.json", b"d"), method=zipfile.ZIP_STORED)
    whole.write_bytes(whole.read_bytes().replace(b"c" * 1000, b"e" * 1000))
    contents = found(tmp_path)
    assert {name.removeprefix(f"{tmp_path}/"): type(content) for name, content in contents.items()} == {
        "a.zip": MalformedInput,
        "b.zip/c.json": MalformedInput,
        "b.zip/d.json": bytes,
    }


def test_a_member_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "bomb.zip", ("a.json", b"{}"), ("b.json", bytes(5 * MEGABYTE)), ("c.json", b"[]"))
    contents = list(found(path).values())
    assert (contents[0], contents[2]) == (b"{}", b"[]")
    assert isinstance(contents[1], UnsafeInput)


def test_members_that_are_too_much_together_are_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "many.zip", *((f"{each}.json", bytes(MEGABYTE)) for each in range(9)))
    contents = list(found(path).values())
    # each may unpack to a megabyte and more, all together to a megabyte and 200 times the archive
    assert isinstance(contents[0], bytes)
    assert isinstance(contents[-1], UnsafeInput)
    assert sum(len(each) for each in contents if isinstance(each, bytes)) <= 200 * path.stat().st_size + MEGABYTE


def test_sizes_that_an_archive_lies_about_are_not_believed(tmp_path: Path) -> None:
    path = archive(tmp_path / "liar.zip", ("a.json", bytes(5 * MEGABYTE)))
    data = path.read_bytes()
    path.write_bytes(data.replace((5 * MEGABYTE).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    (content,) = found(path).values()
    assert isinstance(content, InputError)


def test_an_archive_of_too_many_files_is_one_file_that_cannot_be_read(tmp_path: Path) -> None:
    path = archive(tmp_path / "many.zip", *((f"{each}.json", b"") for each in range(4)))
    (content,) = found(path, limits=InputLimits(members=3)).values()
    assert isinstance(content, UnsafeInput)
    assert content.parameters == {"found": 4, "limit": 3}


def test_an_encrypted_member_is_told_as_such(tmp_path: Path) -> None:
    path = archive(tmp_path / "locked.zip", ("a.json", b"{}"))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (content,) = found(path).values()
    assert isinstance(content, UnexpectedInput)
    assert content.message_id == "archive-encrypted"


def test_names_show_no_control_characters() -> None:
    assert shown_name("a\x1b[31m\u202eb\n.json") == "a�[31m�b�.json"
    assert shown_name("e\N{COMBINING ACUTE ACCENT}") == "é"
