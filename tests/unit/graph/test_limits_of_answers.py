"""What a query process sends of an answer with limits, frame by frame."""

from __future__ import annotations

import io
import json

import pytest

from passerelle.errors import WorkerLost
from passerelle.graph.answering.answer_writer import AnswerWriter, EnoughRows, FrameSender
from passerelle.graph.answering.limits import Limits
from passerelle.graph.answering.question import Question
from passerelle.graph.processes.frames import Frame, read_frame
from passerelle.settings import Settings

CSV = "text/csv"
LIMITS = Limits(seconds=1.0, rows=10**9, bytes=10**9)
LINE = b"x" * 9_999 + b"\n"
PIECE = 100 * LINE


def frames(pipe: io.BytesIO) -> list[tuple[Frame, bytes]]:
    pipe.seek(0)
    found = []
    while (frame := read_frame(pipe)) is not None:
        found.append(frame)
    return found


def writer(pipe: io.BytesIO, limits: Limits, *, more: bool = False) -> AnswerWriter:
    return AnswerWriter(FrameSender(pipe, "solutions", CSV), "solutions", CSV, limits, lambda: more)


def test_a_short_answer_is_one_frame_and_a_long_one_comes_as_it_is_computed() -> None:
    pipe = io.BytesIO()
    answer = writer(pipe, LIMITS)
    answer.write(b"s\n")
    assert frames(pipe) == []
    answer.end()
    ((frame, content),) = frames(pipe)
    header, _, body = content.partition(b"\n")
    assert (frame, body) == (Frame.WHOLE, b"s\n")
    assert json.loads(header) == {"kind": "solutions", "media_type": CSV, "more_rows": None}

    pipe = io.BytesIO()
    answer = writer(pipe, LIMITS)
    for _ in range(3):
        answer.write(PIECE)
    assert [frame for frame, _ in frames(pipe)] == [Frame.HEADER, Frame.BODY]
    answer.end()
    assert [frame for frame, _ in frames(pipe)] == [Frame.HEADER, Frame.BODY, Frame.END]


def test_an_answer_with_a_row_limit_goes_out_once_it_is_known_whether_there_are_more() -> None:
    pipe = io.BytesIO()
    answer = writer(pipe, LIMITS.lowered(rows=150))
    answer.write(PIECE)
    assert frames(pipe) == []
    with pytest.raises(EnoughRows):
        answer.write(PIECE)
    answer.end()
    found = frames(pipe)
    assert json.loads(found[0][1].partition(b"\n")[0])["more_rows"] is True
    body = found[0][1].partition(b"\n")[2] + b"".join(content for _, content in found[1:])
    assert body == 151 * LINE


@pytest.mark.parametrize("more", [True, False])
def test_a_second_evaluation_that_says_otherwise_is_no_whole_answer(more: bool) -> None:
    """As of a query with a random filter."""
    pipe = io.BytesIO()
    answer = writer(pipe, LIMITS.lowered(rows=1_000 if more else 899), more=more)
    for _ in range(8):
        answer.write(PIECE)
    assert json.loads(frames(pipe)[0][1].partition(b"\n")[0])["more_rows"] is more
    if not more:
        answer.write(PIECE)
        with pytest.raises(EnoughRows):
            answer.write(PIECE)
    with pytest.raises(WorkerLost):
        answer.end()
    assert Frame.END not in [frame for frame, _ in frames(pipe)]


@pytest.mark.parametrize("limits", [None, Limits(1.5, 10, 20), Limits(1.5, 10, 20, 0)])
def test_a_question_reaches_the_process_as_it_was_asked(limits: Limits | None) -> None:
    question = Question("ASK {}", CSV, ("a:",), ("b:", "c:"), own_dataset=True, limits=limits, network=True)
    assert Question.decoded(question.encoded()) == question


def test_a_client_may_ask_for_less_and_not_for_more() -> None:
    allowed = Limits.of(Settings(query_seconds=20.0, answer_rows=100))
    assert allowed.lowered(seconds=3.0, rows=7) == Limits(3.0, 100, allowed.bytes, 7)
    assert allowed.lowered(seconds=300.0, rows=700) == Limits(20.0, 100, allowed.bytes, 100)
