"""Clients of an endpoint, each from an address of its own; run by test_bench_hostile in a process of its own.

Reads a task as JSON from standard input: `port`, `path`, `seconds`, `clients` (each an `address` out of 127.0.0.0/8,
`questions`, `connections`, `pause` in seconds, its `patience` beyond the end in seconds, and whether it `stalls`).
Writes, for each client, its answers as JSON: milliseconds by status ("broken" where the connection ended, "unfinished"
where its patience did).

An ordinary client has one connection and thinks for `pause` on average (exponential, seeded) before each question. A
hostile one has several, and asks without pause, a new text each time. One that stalls asks, reads nothing and keeps
the connection for its pause. UNSEEN in a question becomes a number that no other request has.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import sys
import time
from collections import defaultdict
from typing import Any
from urllib.parse import quote_plus

_ACCEPT = "application/sparql-results+json, text/turtle;q=0.5"
_numbers = itertools.count(time.time_ns())


class Client:
    """One client: its connections, and what became of its requests."""

    def __init__(self, port: int, path: str, address: str, client: dict[str, Any]) -> None:
        self._port, self._path, self._address, self._client = port, path, address, client
        self._random = random.Random(address)
        self.taken: dict[str, list[float]] = defaultdict(list)

    async def run(self, until: float) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(self._client["connections"]):
                tasks.create_task(self._ask_on(until, number))

    async def _ask_on(self, until: float, number: int) -> None:
        questions = self._client["questions"]
        reader = writer = None
        for turn in itertools.count(number):
            if self._client["pause"] and not self._client["stalls"]:
                await asyncio.sleep(self._random.expovariate(1 / self._client["pause"]))
            if time.monotonic() >= until:
                break
            started = time.perf_counter()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection(
                        "127.0.0.1", self._port, local_addr=(self._address, 0)
                    )
                status, kept = await self._ask(reader, writer, questions[turn % len(questions)], until)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                status, kept = "broken", False
            self.taken[status].append(1000 * (time.perf_counter() - started))
            if not kept and writer is not None:
                writer.close()
                writer = None
        if writer is not None:
            writer.close()

    async def _ask(self, reader: Any, writer: asyncio.StreamWriter, question: str, until: float) -> tuple[str, bool]:
        query = quote_plus(question.replace("UNSEEN", str(next(_numbers))))
        headers = f"Host: 127.0.0.1\r\nAccept: {_ACCEPT}\r\nAccept-Encoding: identity\r\n\r\n"
        writer.write(f"GET {self._path}?query={query} HTTP/1.1\r\n{headers}".encode())
        await writer.drain()
        if self._client["stalls"]:
            await asyncio.sleep(min(self._client["pause"], max(until - time.monotonic(), 0)))
            return "stalled", False
        try:
            async with asyncio.timeout(max(until - time.monotonic(), 0) + self._client["patience"]):
                return await _response(reader)
        except TimeoutError:
            return "unfinished", False


async def _response(reader: asyncio.StreamReader) -> tuple[str, bool]:
    """The status, and whether the connection may be used again, once the body has been read."""
    status = (await reader.readuntil(b"\r\n")).split()[1].decode()
    length, chunked, kept = 0, False, True
    while (line := (await reader.readuntil(b"\r\n")).strip().lower()) != b"":
        name, _, value = line.partition(b":")
        if name == b"content-length":
            length = int(value)
        elif name == b"transfer-encoding":
            chunked = b"chunked" in value
        elif name == b"connection":
            kept = b"close" not in value
    if not chunked:
        await reader.readexactly(length)
        return status, kept
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)
    return status, kept


async def main() -> None:
    """Run all clients of the task at once."""
    task = json.load(sys.stdin)
    until = time.monotonic() + task["seconds"]
    clients = [Client(task["port"], task["path"], each["address"], each) for each in task["clients"]]
    async with asyncio.TaskGroup() as tasks:
        for client in clients:
            tasks.create_task(client.run(until))
    json.dump([client.taken for client in clients], sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
