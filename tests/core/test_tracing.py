"""Spans and durations follow the conventions, and hold nothing of a user's data."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("opentelemetry.sdk", reason="needs the extra otel and its SDK")

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from pinecone_core.errors import NotFoundError, PineconeConnectionError
from pinecone_core.operation import Encoded, Operation
from pinecone_core.tracing import OpenTelemetryObserver
from pinecone_core.transport import Response

INDEX = "https://my-docs-4zo0ijk.svc.aped-4627-b74a.pinecone.io"
QUERY: Operation[Any] = Operation(
    "query_vectors", "POST", "/query", dict, {"namespace": "n1", "vector": [0.123]}, repeat_safe=True
)
OK = Response(200, {"x-pinecone-request-id": "r-1"}, b"{}")


class Scene:
    def __init__(self, side: Any) -> None:
        self.side = side
        self.spans = InMemorySpanExporter()
        self.reader = InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.tracers = tracers
        self.observer = OpenTelemetryObserver(
            tracer_provider=tracers, meter_provider=MeterProvider([self.reader])
        )

    def run(self, operation: Operation[Any], *outcomes: Any, host: str = INDEX) -> Any:
        left = list(outcomes)

        async def main() -> None:
            executor = self.side.executor(
                host,
                transport=self.side.transport(lambda request: left.pop(0)),
                clock=self.side.clock(),
                observers=(self.observer,),
            )
            await executor.send(operation)

        try:
            self.side.run(main)
        finally:
            spans: Any = self.spans.get_finished_spans()
            [self.span] = spans
        return self.span

    def point(self) -> Any:
        data: Any = self.reader.get_metrics_data()
        [metric] = data.resource_metrics[0].scope_metrics[0].metrics
        assert (metric.name, metric.unit) == ("db.client.operation.duration", "s")
        [point] = metric.data.data_points
        return point


@pytest.fixture
def scene(side: Any) -> Scene:
    return Scene(side)


def test_a_call_is_one_span(scene: Scene) -> None:
    span = scene.run(QUERY, OK)
    assert span.name == "query_vectors my-docs"
    assert span.kind is SpanKind.CLIENT
    assert span.status.status_code is StatusCode.UNSET
    assert dict(span.attributes) == {
        "db.system.name": "pinecone",
        "db.operation.name": "query_vectors",
        "db.collection.name": "my-docs",
        "db.namespace": "n1",
        "db.response.status_code": "200",
        "server.address": "my-docs-4zo0ijk.svc.aped-4627-b74a.pinecone.io",
        "pinecone.request_id": "r-1",
    }


def test_a_call_is_one_duration(scene: Scene) -> None:
    scene.run(QUERY, OK)
    point = scene.point()
    assert point.count == 1
    assert point.attributes["db.response.status_code"] == "200"
    assert "pinecone.request_id" not in point.attributes
    assert point.explicit_bounds == (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10)


def test_retries_are_events(scene: Scene) -> None:
    span = scene.run(QUERY, Response(503, {}, b""), PineconeConnectionError("gone"), OK)
    first: Any
    second: Any
    first, second = span.events
    assert first.name == "retry"
    assert (first.attributes["error.type"], first.attributes["retry.attempt"]) == ("503", 1)
    assert second.attributes["error.type"] == "PineconeConnectionError"
    assert second.attributes["retry.delay"] >= 0
    assert "error.type" not in span.attributes


def test_a_failure_says_its_kind_and_no_more(scene: Scene) -> None:
    private = b'{"error":{"message":"0.123 is private"}}'
    with pytest.raises(NotFoundError):
        scene.run(QUERY, Response(404, {}, private))
    span = scene.span
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"] == span.attributes["db.response.status_code"] == "404"
    assert scene.point().attributes["error.type"] == "404"
    assert "private" not in span.to_json()
    assert "0.123" not in span.to_json()


def test_a_failure_without_an_answer(scene: Scene) -> None:
    with pytest.raises(PineconeConnectionError):
        scene.run(QUERY, *[PineconeConnectionError("gone", permanent=True)])
    assert scene.span.attributes["error.type"] == "PineconeConnectionError"
    assert "db.response.status_code" not in scene.span.attributes


@pytest.mark.parametrize(
    ("operation", "collection", "namespace"),
    [
        (Operation("describe_index", "GET", "/indexes/my%20docs", dict), "my docs", None),
        (Operation("list_indexes", "GET", "/indexes", dict), None, None),
        (Operation("fetch", "GET", "/vectors/fetch", dict, query={"namespace": "n2"}), None, "n2"),
        (Operation("search", "POST", "/records/namespaces/n3/search", dict, {"a": 1}), None, "n3"),
        (Operation("upsert", "POST", "/vectors/upsert", dict, Encoded(b'{"namespace":"n"}')), None, None),
        (Operation("stats", "POST", "/describe_index_stats", dict, {"namespace": ""}), None, None),
    ],
)
def test_where_a_call_went(
    scene: Scene, operation: Operation[Any], collection: str | None, namespace: str | None
) -> None:
    span = scene.run(operation, OK, host="http://localhost:5080")
    assert span.attributes.get("db.collection.name") == collection
    assert span.attributes.get("db.namespace") == namespace
    assert (span.attributes["server.address"], span.attributes["server.port"]) == ("localhost", 5080)
    assert span.name == f"{operation.name} {collection or 'localhost'}"


def test_a_span_belongs_to_the_one_around_it(scene: Scene) -> None:
    with scene.tracers.get_tracer("test").start_as_current_span("around") as around:
        assert scene.run(QUERY, OK).parent.span_id == around.get_span_context().span_id
