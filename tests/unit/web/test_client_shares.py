"""The bookkeeping of admission: turns, rates, and what is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from passerelle.errors import Overloaded, TooManyRequests
from passerelle.web.admission import client_shares
from passerelle.web.admission.client_address import client_of, network_of
from passerelle.web.admission.client_shares import ClientShares, Shares
from passerelle.web.http.fair_queue import FairQueue


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def shares(**given: float) -> Shares:
    values = {
        "queries": 2, "waiting": 8, "rate": 0, "burst": 1, "places": 100, "waiting_places": 100, "wait_seconds": 60,
    }  # fmt: skip
    return Shares(**{**values, **given})  # type: ignore[arg-type]


def test_the_rate_lets_a_burst_in_and_then_says_how_long_to_wait() -> None:
    clock = Clock()
    clients = ClientShares(shares(rate=0.5, burst=3), clock)
    for _ in range(3):
        clients.enter("a")
        clients.leave("a", 0)
    with pytest.raises(TooManyRequests) as refused:
        clients.enter("a")
    assert refused.value.parameters["seconds"] == 2
    clients.enter("b")  # another one is not touched
    clock.now = 1.5
    with pytest.raises(TooManyRequests) as refused:
        clients.enter("a")
    assert refused.value.parameters["seconds"] == 1
    clock.now = 2.0
    clients.enter("a")


def test_a_third_request_waits_for_its_turn_and_comes_in_when_one_leaves() -> None:
    clients = ClientShares(shares())
    clients.enter("a")
    clients.enter("a")
    with ThreadPoolExecutor(1) as thread:
        third = thread.submit(clients.enter, "a")
        while not clients.waiting:
            assert not third.done()
        clients.enter("b")  # at once, as it is another client
        assert not third.done()
        clients.leave("a", 0.1)
        third.result(60)
    assert clients.waiting == 0


def test_who_waits_too_long_is_refused_and_leaves_no_trace() -> None:
    clients = ClientShares(shares(queries=1, wait_seconds=0.01, places=2))
    clients.enter("a")
    for _ in range(3):
        with pytest.raises(TooManyRequests):
            clients.enter("a")
    assert clients.waiting == 0
    clients.enter("b")
    clients.leave("a", 0)
    clients.enter("a")


def test_places_to_wait_are_shared_so_that_some_are_left() -> None:
    clients = ClientShares(shares(queries=1, waiting=100, waiting_places=6))
    with ThreadPoolExecutor(16) as threads:
        for name in "abc":
            clients.enter(name)
        waiting = []
        # six places: the first client gets three, the second two of the other three, and one is left for a third
        for name, expected in (("a", 3), ("b", 5), ("c", 6)):
            while clients.waiting < expected:
                before = clients.waiting
                waiting.append(threads.submit(clients.enter, name))
                while clients.waiting == before:
                    assert not waiting[-1].done()
            with pytest.raises(TooManyRequests):
                clients.enter(name)
        for name, number in (("a", 3), ("b", 2), ("c", 1)):
            for _ in range(number):
                clients.leave(name, 0)
        for each in waiting:
            each.result(60)


def test_all_clients_together_fill_the_places() -> None:
    clients = ClientShares(shares(places=3))
    for name in "abc":
        clients.enter(name)
    with pytest.raises(Overloaded):
        clients.enter("d")
    clients.leave("b", 0)
    clients.enter("d")


def test_idle_clients_are_forgotten_and_busy_ones_are_not() -> None:
    clock = Clock()
    clients = ClientShares(shares(rate=1, burst=2), clock)
    clients.enter("busy")
    for number in range(50):
        clients.enter(str(number))
        clients.leave(str(number), 0)
    assert len(clients) == 51
    clock.now = 10
    for _ in range(50):
        clients.enter("last")
        clients.leave("last", 0)
        clock.now += 1
    assert len(clients) == 2
    clients.enter("busy")
    with ThreadPoolExecutor(1) as thread:  # its third request still finds the two that are at work
        third = thread.submit(clients.enter, "busy")
        while not clients.waiting:
            assert not third.done()
        clients.leave("busy", 0)
        third.result(60)


def test_many_addresses_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_shares, "MOST_CLIENTS", 100)
    clients = ClientShares(shares(rate=0.001, burst=5), Clock())
    for number in range(1000):
        clients.enter(str(number))
        clients.leave(str(number), 0)
    assert len(clients) <= 101


def test_wrong_tokens_are_counted_and_right_ones_are_not() -> None:
    clock = Clock()
    clients = ClientShares(shares(), clock)
    for _ in range(50):
        clients.attempt("administrator")
        clients.attempt_succeeded("administrator")
    for _ in range(10):
        clients.attempt("guesser")
    with pytest.raises(TooManyRequests) as refused:
        clients.attempt("guesser")
    assert refused.value.parameters["seconds"] == 10
    clients.attempt("administrator")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:8080", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", ""),
        ("", ""),
        ("192.0.2.7, 192.0.2.8", ""),
        ("192.0.2.300", ""),
        ("[", ""),
        ("1" * 10_000, ""),
    ],
)
def test_addresses_are_grouped_by_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("forwarded", "proxies", "client"),
    [
        (None, 0, "192.0.2.1"),
        ("203.0.113.9", 0, "192.0.2.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", 1, "203.0.113.9"),
        ("10.0.0.1,203.0.113.9,  198.51.100.2 ", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "192.0.2.1"),
        (None, 1, "192.0.2.1"),
        ("", 1, "192.0.2.1"),
        ("203.0.113.9, ", 1, "192.0.2.1"),
        ("203.0.113.9, unknown", 1, "192.0.2.1"),
        ("203.0.113.9, \x00\xff", 1, "192.0.2.1"),
        (", " * 5000 + "203.0.113.9", 1, "203.0.113.9"),
    ],
)
def test_a_client_does_not_choose_who_it_is(forwarded: str | None, proxies: int, client: str) -> None:
    environ = {"REMOTE_ADDR": "192.0.2.1"}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    assert client_of(environ, proxies) == client


def test_threads_go_to_the_address_that_holds_fewest() -> None:
    queue: FairQueue[str] = FairQueue(6)
    for number in range(6):
        queue.put("greedy", f"greedy {number}")
    taken = []
    while (found := queue.take()) is not None:
        taken.append(found)
    assert taken == ["greedy 0", "greedy 1", "greedy 2", "greedy 3"]  # two of six are left for others
    queue.put("modest", "modest 0")
    assert queue.take() == "modest 0"
    assert queue.take() is None
    queue.give_back("greedy")
    queue.put("third", "third 0")
    assert queue.take() == "third 0"
    assert queue.lengths() == {"greedy": 2}
    assert queue.drop("greedy") == "greedy 5"
    for peer in ("greedy", "greedy", "greedy", "modest", "third"):
        queue.give_back(peer)
    assert queue.take() == "greedy 4"
    assert queue.take() is None


def test_one_thread_is_one_for_everybody() -> None:
    queue: FairQueue[str] = FairQueue(1)
    queue.put("a", "first")
    queue.put("b", "second")
    assert queue.take() == "first"
    assert queue.take() is None
    queue.give_back("a")
    assert queue.take() == "second"
