from __future__ import annotations

import copy
import dataclasses
import logging
import pickle
import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.config import (
    PineconeConfig,
    RetryConfig,
    Timeout,
    mask_headers,
    mask_key,
    normalize_source_tag,
)
from pinecone_core.errors import PineconeTypeError, PineconeValueError

TLS = Path(__file__).parent / "tls"


def test_defaults() -> None:
    config = PineconeConfig()
    assert dataclasses.asdict(config) == {
        "api_key": "",
        "host": "",
        "timeout": 30.0,
        "additional_headers": {},
        "source_tag": "",
        "proxy_url": "",
        "proxy_headers": {},
        "ssl_ca_certs": None,
        "ssl_verify": True,
        "connection_pool_maxsize": 0,
        "retry_config": dataclasses.asdict(RetryConfig()),
        "client_cert": None,
        "trust_env": True,
        "http2": False,
    }
    assert config.limits == Timeout(total=30.0)


def test_positions_of_the_arguments() -> None:
    retry = RetryConfig(max_retries=1)
    config = PineconeConfig("k", "h.x", 5.0, {"a": "b"}, "t", "http://p:1", {"c": "d"}, None, False, 7, retry)
    assert (config.source_tag, config.proxy_headers, config.connection_pool_maxsize) == ("t", {"c": "d"}, 7)
    assert config.retry_config is retry


def test_the_environment_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINECONE_API_KEY", " from-env\n")
    monkeypatch.setenv("PINECONE_CONTROLLER_HOST", "env.example.com/")
    monkeypatch.setenv("PINECONE_ADDITIONAL_HEADERS", '{"x-a": 1, "x-b": null, "x-c": "y"}')
    config = PineconeConfig()
    monkeypatch.setenv("PINECONE_API_KEY", "changed")
    assert config.api_key == "from-env"
    assert config.host == "https://env.example.com"
    assert config.additional_headers == {"x-a": "1", "x-c": "y"}
    given_ones = PineconeConfig("arg", "arg.example.com", additional_headers={"x": "y"})
    assert (given_ones.api_key, given_ones.host) == ("arg", "https://arg.example.com")
    assert given_ones.additional_headers == {"x": "y"}


@pytest.mark.parametrize("text", ["{secret", "[1]", '"secret"', "null"])
def test_headers_in_the_environment_that_are_none(
    text: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PINECONE_ADDITIONAL_HEADERS", text)
    with caplog.at_level(logging.WARNING):
        assert PineconeConfig().additional_headers == {}
    assert "Failed to parse PINECONE_ADDITIONAL_HEADERS" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    ("arguments", "error", "name"),
    [
        ({"api_key": 5}, PineconeTypeError, "api_key"),
        ({"api_key": "gehéim"}, PineconeValueError, "api_key"),
        ({"api_key": "two\nlines"}, PineconeValueError, "api_key"),
        ({"host": "nohost"}, PineconeValueError, "host"),
        ({"host": 5}, PineconeTypeError, "host"),
        ({"source_tag": 5}, PineconeTypeError, "source_tag"),
        ({"timeout": 0}, PineconeValueError, "timeout"),
        ({"timeout": -1}, PineconeValueError, "timeout"),
        ({"timeout": float("nan")}, PineconeValueError, "timeout"),
        ({"timeout": float("inf")}, PineconeValueError, "timeout"),
        ({"timeout": True}, PineconeTypeError, "timeout"),
        ({"timeout": "30"}, PineconeTypeError, "timeout"),
        ({"additional_headers": ["x"]}, PineconeTypeError, "additional_headers"),
        ({"additional_headers": {"a b": "c"}}, PineconeValueError, "additional_headers"),
        ({"additional_headers": {"a": "b\r\nc: d"}}, PineconeValueError, "additional_headers"),
        ({"additional_headers": {"a": None}}, PineconeTypeError, "additional_headers"),
        ({"proxy_headers": {"a": 1}}, PineconeTypeError, "proxy_headers"),
        ({"proxy_url": 5}, PineconeTypeError, "proxy_url"),
        ({"proxy_url": "proxy:3128"}, PineconeValueError, "proxy_url"),
        ({"proxy_url": "ftp://u:secret@proxy"}, PineconeValueError, "proxy_url"),
        ({"ssl_ca_certs": "/no/such/file"}, PineconeValueError, "ssl_ca_certs"),
        ({"ssl_ca_certs": 5}, PineconeTypeError, "ssl_ca_certs"),
        ({"ssl_verify": "false"}, PineconeTypeError, "ssl_verify"),
        ({"client_cert": "/no/such/file"}, PineconeValueError, "client_cert"),
        ({"client_cert": ("a", "b", "c")}, PineconeTypeError, "client_cert"),
        ({"client_cert": 5}, PineconeTypeError, "client_cert"),
        ({"connection_pool_maxsize": "5"}, PineconeTypeError, "connection_pool_maxsize"),
        ({"retry_config": {"max_retries": 1}}, PineconeTypeError, "retry_config"),
        ({"trust_env": 1}, PineconeTypeError, "trust_env"),
        ({"http2": "yes"}, PineconeTypeError, "http2"),
    ],
)
def test_bad_values_fail_at_construction(arguments: dict[str, Any], error: Any, name: str) -> None:
    with pytest.raises(error, match=name) as caught:
        PineconeConfig(**arguments)
    for secret in ("gehéim", "two", "secret", "c: d"):
        assert secret not in str(caught.value)


def test_lenient_spellings() -> None:
    config = PineconeConfig(
        connection_pool_maxsize=-3,
        proxy_url=None,  # type: ignore[arg-type]
        ssl_ca_certs="",
        client_cert="",
        ssl_verify=None,  # type: ignore[arg-type]
        trust_env=None,  # type: ignore[arg-type]
        retry_config=None,
        additional_headers=None,
    )
    assert config == PineconeConfig()
    assert PineconeConfig(client_cert=[TLS / "client.pem", TLS / "client-key.pem"]).client_cert == (  # type: ignore[arg-type]
        str(TLS / "client.pem"),
        str(TLS / "client-key.pem"),
    )
    assert PineconeConfig(ssl_ca_certs=TLS / "ca.pem").ssl_ca_certs == str(TLS / "ca.pem")


def test_the_repr_shows_no_secret() -> None:
    config = PineconeConfig(
        "key-with-secret-1234",
        "https://h.example.com",
        additional_headers={"AUTHORIZATION": "s3cret", "Api-Key": "s3cret", "X-Team": "blue"},
        proxy_url="http://user:s3cret@proxy.example.com:3128/",
        proxy_headers={"Proxy-Authorization": "s3cret", "x": "s3cret"},
    )
    assert repr(config) == (
        "PineconeConfig(api_key='...1234', host='https://h.example.com', timeout=30.0, "
        "additional_headers={'AUTHORIZATION': '***', 'Api-Key': '***', 'X-Team': 'blue'}, source_tag='', "
        "proxy_url='http://***@proxy.example.com:3128/', "
        "proxy_headers={'Proxy-Authorization': '***', 'x': '***'}, ssl_ca_certs=None, ssl_verify=True, "
        "connection_pool_maxsize=0)"
    )
    assert mask_key("abc") == mask_key("1234567") == "***"
    assert mask_headers({"Cookie": "a", "b": "c"}) == {"Cookie": "***", "b": "c"}


def test_frozen_pickled_and_copied() -> None:
    config = PineconeConfig("k" * 9, additional_headers={"a": "b"})
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.api_key = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        hash(config)
    assert pickle.loads(pickle.dumps(config)) == config
    context = ssl.create_default_context(cafile=str(TLS / "ca.pem"))
    assert copy.deepcopy(PineconeConfig(ssl_ca_certs=context)).ssl_ca_certs is context


@pytest.mark.parametrize(
    ("tag", "sent"),
    [("  x ", "__x_"), ("a-b/c", "abc"), ("My App:1", "my_app:1"), ("", ""), (None, ""), ("ÄÖ", "")],
)
def test_source_tags(tag: Any, sent: str) -> None:
    assert normalize_source_tag(tag) == sent


@given(st.text())
def test_a_source_tag_is_always_sendable(tag: str) -> None:
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789_:" for char in normalize_source_tag(tag))


def test_time_limits() -> None:
    assert Timeout.of(5) == Timeout(total=5.0)
    assert Timeout.of(None) == Timeout(total=None)
    whole = Timeout(total=1, connect=2, read=3, write=4, pool=5)
    assert Timeout.of(whole) is whole
    assert Timeout.of(httpx.Timeout(9.0, connect=2.0)) == Timeout(
        total=None, connect=2.0, read=9.0, write=9.0, pool=9.0
    )
    assert hash(whole) == hash(Timeout(1, 2, 3, 4, 5))
    with pytest.raises(PineconeValueError, match=r"timeout\.read"):
        Timeout(read=0)
    with pytest.raises(PineconeTypeError, match="limit"):
        Timeout.of(object(), "limit")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"api_key": 5}, "api_key must be a string, got int"),
        ({"host": 5}, "host must be a string, got int"),
        ({"source_tag": b"x"}, "source_tag must be a string, got bytes"),
        ({"proxy_url": 5}, "proxy_url must be a string, got int"),
        (
            {"proxy_url": "ftp://u:p@proxy"},
            "proxy_url must look like 'http://[user:password@]host:port' (http, https, socks5 or socks5h), "
            "got 'ftp://***@proxy'",
        ),
        ({"additional_headers": 5}, "additional_headers must be a dict of strings, got int"),
        ({"proxy_headers": 5}, "proxy_headers must be a dict of strings, got int"),
        ({"connection_pool_maxsize": "5"}, "connection_pool_maxsize must be an integer, got str"),
        ({"retry_config": 5}, "retry_config must be a RetryConfig, got int"),
        ({"ssl_ca_certs": 5}, "ssl_ca_certs must be a path or an ssl.SSLContext, got int"),
        ({"ssl_verify": 5}, "ssl_verify must be True or False, got int"),
        ({"timeout": "5"}, "timeout must be a number of seconds, a Timeout or None, got str"),
        (
            {"client_cert": ()},
            "client_cert must be the path of a certificate, or a pair with that of its key",
        ),
    ],
)
def test_what_is_said_of_bad_values(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises((PineconeTypeError, PineconeValueError)) as caught:
        PineconeConfig(**arguments)
    assert str(caught.value) == said


def test_values_that_are_none() -> None:
    config = PineconeConfig(ssl_verify=None, trust_env=None, http2=None, retry_config=None)  # type: ignore[arg-type]
    assert (config.ssl_verify, config.trust_env, config.http2) == (True, True, False)
    assert config.retry_config == RetryConfig()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
def test_the_schemes_of_proxies(scheme: str) -> None:
    assert PineconeConfig(proxy_url=f"{scheme}://proxy:1").proxy_url == f"{scheme}://proxy:1"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://proxy:1/", "http://proxy:1/"),
        ("http://user@proxy:1/", "http://***@proxy:1/"),
        ("http://:hush@proxy:1/", "http://***@proxy:1/"),
        ("http://user:hu@sh@proxy:1/", "http://***@proxy:1/"),
    ],
)
def test_logins_in_addresses_are_hidden(address: str, shown: str) -> None:
    assert f"proxy_url='{shown}'" in repr(PineconeConfig(proxy_url=address))


def test_keys_of_eight_characters_and_more_show_their_end() -> None:
    assert mask_key("12345678") == "...5678"


def test_client_certificates() -> None:
    one, other = str(TLS / "ca.pem"), str(TLS / "server.pem")
    assert PineconeConfig(client_cert=(one,)).client_cert == one  # type: ignore[arg-type]
    assert PineconeConfig(client_cert=one).client_cert == one
    assert PineconeConfig(client_cert=[one, other]).client_cert == (one, other)  # type: ignore[arg-type]


def test_headers_of_the_environment_are_checked_by_its_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PINECONE_ADDITIONAL_HEADERS", '{"a b": "c"}')
    with pytest.raises(PineconeValueError, match=r"^PINECONE_ADDITIONAL_HEADERS"):
        PineconeConfig()
    monkeypatch.setenv("PINECONE_ADDITIONAL_HEADERS", '{"a": 1, "b": null}')
    assert PineconeConfig().additional_headers == {"a": "1"}
    monkeypatch.setenv("PINECONE_ADDITIONAL_HEADERS", "{")
    assert PineconeConfig().additional_headers == {}
    assert caplog.messages == [
        "Failed to parse PINECONE_ADDITIONAL_HEADERS: it is not a JSON object; ignored"
    ]
