"""The engine over a socket: every data operation as in process, who is let in, and how it stops."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from pinecone_local import EngineError, Fault, Faults, LocalEngine, LocalServer
from pinecone_local.http import Call
from pinecone_local.server.app import App

SPEC = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


def ask(server: LocalServer, method: str, target: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        shown = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, data, shown)
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    is_json = response.headers.get("content-type") == "application/json"
    return response.status, json.loads(text) if is_json and text else text


@pytest.fixture
def server(engine: LocalEngine) -> Iterator[LocalServer]:
    with LocalServer(engine) as running:
        yield running


def make(server: LocalServer, **options: Any) -> str:
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    status, made = ask(server, "POST", "/indexes", {"name": "demo", "dimension": 3, "spec": spec, **options})
    assert status == 201
    return str(made["host"])


def test_every_data_operation_answers_as_in_process(server, engine):
    host = make(server, metric="dotproduct")
    assert host.startswith(f"http://127.0.0.1:{server.port}/_index/demo-")
    prefix = host.removeprefix(server.url)
    vector = {"id": "a/b c", "values": [0.1, 2, 3], "metadata": {"k": ["é", "x"]}}
    reads = [
        ("POST", "/query", {"topK": 3, "vector": [1, 0, 0], "includeValues": True, "includeMetadata": True}),
        ("GET", "/vectors/fetch?ids=a%2Fb%20c&ids=none", None),
        ("POST", "/vectors/fetch_by_metadata", {"filter": {"k": "é"}}),
        ("GET", "/vectors/list?prefix=a%2F", None),
        ("POST", "/describe_index_stats", {}),
        ("GET", "/namespaces", None),
        ("GET", "/namespaces/__default__", None),
        ("GET", "/bulk/imports", None),
        ("POST", "/query", {"topK": 0, "vector": [1, 0, 0]}),
        ("GET", "/nowhere", None),
    ]
    assert ask(server, "POST", f"{prefix}/vectors/upsert", {"vectors": [vector]}) == (
        200,
        {"upsertedCount": 1},
    )
    assert ask(server, "POST", f"{prefix}/vectors/update", {"id": "a/b c", "setMetadata": {"n": 1}})[0] == 200
    for method, target, body in reads:
        data = b"" if body is None else json.dumps(body).encode()
        inside = engine.handle(Call.make(method, prefix + target, {}, data))
        assert ask(server, method, prefix + target, body) == (inside.status, json.loads(inside.read()))
    assert ask(server, "POST", f"{prefix}/vectors/delete", {"ids": ["a/b c"]}) == (200, {})
    assert ask(server, "DELETE", f"{prefix}/namespaces/__default__") == (200, {})
    assert ask(server, "DELETE", "/indexes/demo") == (202, b"")


def test_an_index_can_be_asked_under_a_name_of_its_own(server):
    label = make(server).rpartition("/")[2]
    status, stats = ask(server, "POST", "/describe_index_stats", {}, Host=f"{label}.localhost:{server.port}")
    assert (status, stats["totalVectorCount"]) == (200, 0)


@pytest.mark.parametrize(
    ("host_format", "start"),
    [
        ("url", "http://127.0.0.1:{port}/_index/demo-"),
        ("bare", "127.0.0.1:{port}/_index/demo-"),
    ],
)
def test_index_hosts_are_reported_as_asked_for(engine, host_format, start):
    with LocalServer(engine, host_format=host_format) as server:
        assert make(server).startswith(start.format(port=server.port))
    with pytest.raises(ValueError, match="host_format"):
        LocalServer(engine, host_format="odd")


def test_a_host_name_of_its_own_is_reported_and_stays_the_same(engine):
    with LocalServer(engine, host_format="virtual") as server:
        spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
        own = f"localhost:{server.port}"
        body = {"name": "demo", "dimension": 3, "spec": spec}
        status, made = ask(server, "POST", "/indexes", body, Host=own)
        assert status == 201
        assert made["host"].endswith(f".localhost:{server.port}")
        label = made["host"].removeprefix("http://").partition(".")[0]
        assert ask(server, "GET", "/namespaces", Host=f"{label}.{own}")[0] == 200


def test_behind_a_proxy_the_public_url_is_reported(engine):
    with LocalServer(engine, public_url="https://vectors.example.com/db/") as server:
        assert make(server).startswith("https://vectors.example.com/db/_index/demo-")


def test_foreign_hosts_are_refused_on_loopback(server):
    for host in ("evil.example", "localhost.evil.example", "10.0.0.1:80"):
        status, refused = ask(server, "GET", "/indexes", Host=host)
        assert status == 403
        assert "not one this server answers to" in refused["error"]["message"]
    for host in (f"localhost:{server.port}", "127.0.0.1", "a.localhost"):
        assert ask(server, "GET", "/indexes", Host=host)[0] == 200


def test_keys_are_checked_where_there_are_any(engine):
    with LocalServer(engine, api_keys=["one", "two"]) as server:
        refused = {"error": {"code": "UNAUTHENTICATED", "message": "Invalid API key."}, "status": 401}
        for headers in ({}, {"Api_Key": "three"}, {"Api_Key": "one "[:2]}, {"Authorization": "Bearer x"}):
            assert ask(server, "GET", "/indexes", **headers) == (401, refused)
        for headers in ({"Api_Key": "one"}, {"Api_Key": "two"}, {"Authorization": "Bearer two"}):
            assert ask(server, "GET", "/indexes", **headers)[0] == 200
        assert ask(server, "GET", "/health") == (200, {"status": "ok"})
        assert ask(server, "GET", "/metrics")[0] == 401


def test_https_is_served_with_a_certificate(engine, tmp_path):
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    cert, key = str(tmp_path / "cert.pem"), str(tmp_path / "key.pem")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    make_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key]
    subprocess.run(
        [openssl, "req", "-x509", *make_key, "-out", cert, *subject], check=True, capture_output=True
    )
    with LocalServer(engine, tls_cert=cert, tls_key=key) as server:
        assert server.url == f"https://127.0.0.1:{server.port}"
        context = ssl.create_default_context(cafile=cert)
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, timeout=10, context=context)
        connection.request("POST", "/indexes", json.dumps({"name": "demo", "dimension": 3, "spec": SPEC}))
        made = json.loads(connection.getresponse().read())
        connection.close()
        assert made["host"].startswith(f"{server.url}/_index/demo-")


def test_other_machines_need_a_key(engine):
    with pytest.raises(EngineError, match="--api-key"):
        LocalServer(engine, host="0.0.0.0")
    with LocalServer(engine, host="0.0.0.0", api_keys=["k"]) as server:
        assert ask(server, "GET", "/indexes", Host="box.example", Api_Key="k")[0] == 200


def test_a_taken_port_is_said(server, engine):
    with pytest.raises(EngineError, match=f"Cannot listen at 127.0.0.1:{server.port}"):
        LocalServer(engine, port=server.port)


def test_answers_are_not_held_back_by_the_network_stack(server):
    # What accepted connections inherit; asyncio looks at the protocol to set TCP_NODELAY.
    assert server._socket.proto == socket.IPPROTO_TCP


def test_metrics_count(server):
    prefix = make(server).removeprefix(server.url)
    ask(server, "POST", f"{prefix}/vectors/upsert", {"vectors": [{"id": "a", "values": [1, 2, 3]}]})
    status, text = ask(server, "GET", "/metrics")
    assert status == 200
    lines = text.decode().splitlines()
    assert 'pinecone_local_requests_total{method="POST",status="200"} 1' in lines
    assert 'pinecone_local_requests_total{method="POST",status="201"} 1' in lines
    assert 'pinecone_local_index_records{index="demo"} 1' in lines


def test_a_large_body_is_refused(server, monkeypatch):
    prefix = make(server).removeprefix(server.url)
    body = b'{"vectors": [' + b" " * 3_000_000 + b"]}"
    status, refused = ask(server, "POST", f"{prefix}/vectors/upsert", body)
    assert status == 413
    assert "too large" in refused["message"]
    monkeypatch.setattr("pinecone_local.server.app.MAX_BODY_BYTES", 1000)
    assert ask(server, "POST", f"{prefix}/vectors/upsert", body)[0] == 413


def test_a_request_that_broke_off_is_not_acted_on(server):
    make(server)
    texts = {"model": "pinecone-sparse-english-v0", "field_map": {"text": "t"}}
    body = {"name": "texts", "cloud": "aws", "region": "r", "embed": texts}
    status, made = ask(server, "POST", "/indexes/create-for-model", body)
    assert status == 201
    prefix = made["host"].removeprefix(server.url)
    line = b'{"_id": "a", "t": "whole"}\n'
    lines = (f"POST {prefix}/records/namespaces/n/upsert HTTP/1.1", "Host: localhost", "Content-Length: 999")
    head = "\r\n".join([*lines, "", ""])
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + line)
        connection.shutdown(socket.SHUT_WR)
        assert not connection.recv(100)  # the server has seen the end and closed
    assert ask(server, "POST", f"{prefix}/describe_index_stats", {})[1]["totalVectorCount"] == 0


def test_a_cut_connection_is_seen_as_one(engine):
    engine.faults = Faults([Fault("GET /indexes", drop="before", times=1)])
    with LocalServer(engine) as server:
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            ask(server, "GET", "/indexes")
        assert ask(server, "GET", "/indexes")[0] == 200


def test_a_closed_engine_is_said(server, engine):
    engine.close()
    status, refused = ask(server, "GET", "/indexes")
    assert status == 503
    assert "stopping" in refused["error"]["message"]


def test_requests_are_logged_as_json(server, caplog):
    with caplog.at_level("INFO", logger="pinecone_local.access"):
        ask(server, "GET", "/indexes")
    [record] = [one for one in caplog.records if one.name == "pinecone_local.access"]
    logged = json.loads(record.getMessage())
    assert (logged["method"], logged["path"], logged["status"]) == ("GET", "/indexes", 200)
    assert logged["request_id"]


def test_a_server_stops_and_its_port_is_free_again(engine):
    with LocalServer(engine) as server:
        port = server.port
        assert repr(server).startswith(f"LocalServer('http://127.0.0.1:{port}'")
    with LocalServer(engine, port=port) as again:
        assert ask(again, "GET", "/health")[0] == 200
    again.stop()


def test_the_application_can_be_mounted_elsewhere(engine):
    assert App(engine).metrics.render(engine).startswith("# TYPE")
