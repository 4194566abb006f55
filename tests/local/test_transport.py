"""The engine in process: both flavours in one object, and never in the way of an event loop."""

from __future__ import annotations

import copy
import pickle
import threading

import anyio
import pytest

from pinecone_core.errors import PineconeConnectionError
from pinecone_core.transport import AsyncTransport, Request, Transport
from pinecone_local import Fault, Faults, LocalEngine


def request(method: str = "GET", target: str = "/indexes", body: object = None) -> Request:
    return Request(method, "https://api.pinecone.io", target, [("api-key", "any")], body)  # type: ignore[arg-type]


class Pieces:
    length = None
    replayable = False

    def chunks(self):
        yield b'{"name": "demo", "dimension": 2, '
        yield b'"spec": {"serverless": {"cloud": "aws", "region": "r"}}}'

    async def achunks(self):
        for piece in self.chunks():
            yield piece


def test_one_object_is_both_transports(engine):
    transport = engine.transport()
    assert isinstance(transport, Transport)
    assert isinstance(transport, AsyncTransport)
    response = transport.send(request())
    assert (response.status, response.body) == (200, b'{"indexes":[]}')
    assert response.headers["content-type"] == "application/json"
    assert "x-pinecone-request-id" in response.headers
    transport.close()
    assert transport.send(request("POST", body=Pieces())).status == 201


def test_an_index_is_reached_by_path_and_by_host(engine, wire):
    index = wire.index()
    label = index.prefix.rpartition("/")[2]
    by_path = engine.transport().send(request(target=f"{index.prefix}/namespaces"))
    other = Request("GET", f"https://{label}.svc.pinecone.io", "/namespaces", [])
    assert by_path.body == engine.transport().send(other).body


def test_streams_give_the_body_in_pieces(engine):
    stream = engine.transport().stream(request())
    assert stream.status == 200
    assert b"".join(stream.chunks()) == b'{"indexes":[]}'
    stream.close()
    stream.close()


@pytest.mark.anyio
async def test_the_asynchronous_side_does_the_same(engine):
    transport = engine.transport()
    assert (await transport.asend(request("POST", body=Pieces()))).status == 201
    assert b"demo" in (await transport.asend(request())).body
    stream = await transport.astream(request())
    assert b"demo" in b"".join([piece async for piece in stream.achunks()])
    await stream.aclose()
    await transport.aclose()


@pytest.mark.anyio
async def test_the_event_loop_goes_on_while_a_call_is_worked_on():
    begun, go_on = threading.Event(), threading.Event()

    def hold(seconds: float) -> None:
        begun.set()
        assert go_on.wait(10)

    faults = Faults([Fault("GET /indexes", latency=1)], sleep=hold)
    with LocalEngine(faults=faults) as engine:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(engine.transport().asend, request())
            while not begun.is_set():
                await anyio.lowlevel.checkpoint()
            go_on.set()  # only reached because the loop is free


def test_copies_share_the_engine_and_pickles_are_refused(engine):
    transport = engine.transport()
    assert copy.deepcopy({"transport": transport})["transport"].engine is engine
    assert copy.copy(transport).engine is engine
    with pytest.raises(TypeError, match="pinecone-local serve"):
        pickle.dumps(transport)


def test_a_closed_engine_is_a_connection_that_cannot_be_made():
    engine = LocalEngine()
    transport = engine.transport()
    engine.close()
    with pytest.raises(PineconeConnectionError, match="closed") as caught:
        transport.send(request())
    assert (caught.value.sent, caught.value.permanent) == (False, True)


def test_many_threads_may_write_and_read_at_once(wire):
    index = wire.index()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for i in range(20):
                index.upsert(
                    {"id": f"{number}-{i}", "values": [number + 1, i, 1]}, namespace=f"n{number % 2}"
                )
                index.query(vector=[1, 2, 3], namespace=f"n{number % 2}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert index.stats()["namespaces"] == {"n0": {"vectorCount": 80}, "n1": {"vectorCount": 80}}


# ---- faults on purpose


def statuses(engine: LocalEngine, count: int) -> list[int]:
    return [engine.transport().send(request()).status for _ in range(count)]


def test_faults_follow_their_script():
    slept: list[float] = []
    faults = Faults(
        [
            Fault("GET /indexes", status=429, retry_after=1.5, skip=1, times=2),
            {"path": "GET /indexes", "status": 503, "latency": 0.25, "times": 1},
        ],
        sleep=slept.append,
    )
    with LocalEngine(faults=faults) as engine:
        assert engine.transport().send(request(target="/backups")).status == 200
        # The first call is passed over by the first fault and so falls to the second.
        assert statuses(engine, 5) == [503, 429, 429, 200, 200]
        assert slept == [0.25]
        assert [fault.hits for fault in faults.script] == [2, 1]
        faults.replace([Fault("GET /indexes", status=429, retry_after=1.5)])
        response = engine.transport().send(request())
        assert response.headers["retry-after"] == "1.5"
        assert b"RESOURCE_EXHAUSTED" in response.body


def test_the_same_seed_gives_the_same_faults():
    def run(seed: int) -> list[int]:
        with LocalEngine(faults=Faults([Fault(status=500, rate=0.5)], seed=seed)) as engine:
            return statuses(engine, 40)

    assert run(1) == run(1)
    assert run(1) != run(2)
    assert 5 < run(1).count(500) < 35


def test_a_cut_connection_says_whether_the_request_was_acted_on():
    faults = Faults(
        [Fault("POST /indexes", drop="before", times=1), Fault("POST /indexes", drop="after", times=1)]
    )
    with LocalEngine(faults=faults) as engine:
        transport = engine.transport()
        for sent, made in ((False, False), (True, True)):
            with pytest.raises(PineconeConnectionError, match="on purpose") as caught:
                transport.send(request("POST", body=Pieces()))
            assert caught.value.sent is sent
            assert ("demo" in engine.project.indexes) is made


def test_faults_can_be_set_from_outside(wire):
    script = [{"path": "GET /indexes", "status": 503, "times": 1}, {"path": "* /_local/*", "status": 500}]
    refused = wire.ask("PUT", "/_local/faults", {"script": script}, status=404)
    assert "--faults" in refused["error"]["message"]
    wire.engine.faults = Faults()
    wire.ask("PUT", "/_local/faults", {"script": script})
    wire.ask("GET", "/indexes", status=503)
    wire.ask("GET", "/indexes")
    assert [fault["hits"] for fault in wire.ask("GET", "/_local/faults")["script"]] == [1, 0]
    wire.ask("PUT", "/_local/faults", {"script": [{"odd": 1}]}, status=400)
    wire.ask("PUT", "/_local/faults", {"script": [{"status": 20}]}, status=400)


@pytest.mark.parametrize("wrong", [{"drop": "later"}, {"rate": 2}, {"latency": -1}, {"status": 200}])
def test_faults_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Fault(**wrong)
