from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinecone_core.errors import PineconeTypeError, PineconeValueError
from pinecone_core.hosts import (
    checked_target,
    is_loopback,
    machine_and_port,
    normalize_host,
    path,
    split_base_url,
    validate_host,
)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("x.example.com", "https://x.example.com"),
        (" x.example.com/ ", "https://x.example.com"),
        ("HTTPS://x.example.com", "https://x.example.com"),
        ("http://x.example.com", "http://x.example.com"),
        ("https://https://x.example.com", "https://x.example.com"),
        ("https://http://HTTPS://x.example.com/p/", "https://x.example.com/p"),
        ("https://http://x.example.com", "http://x.example.com"),
        ("localhost", "https://localhost"),
        ("http://LOCALHOST:5080", "http://LOCALHOST:5080"),
        ("http://[::1]:5080", "http://[::1]:5080"),
        ("10.0.0.1:8080/prefix", "https://10.0.0.1:8080/prefix"),
        ("httpbin.example", "https://httpbin.example"),
    ],
)
def test_hosts(host: str, url: str) -> None:
    assert validate_host(host) == normalize_host(host) == url
    assert validate_host(url) == url


@pytest.mark.parametrize("host", ["", None, "  ", "https://", "/"])
def test_no_host(host: Any) -> None:
    assert normalize_host(host) == ""
    with pytest.raises(PineconeValueError, match="host must be a non-empty string"):
        validate_host(host)


@pytest.mark.parametrize(
    ("host", "fragment"),
    [
        ("index", r"must contain a dot or 'localhost'"),
        ("...", "must contain a dot"),
        ("ftp://a.com", "does not appear to be a valid URL"),
        ("a b.com", "does not appear to be a valid URL"),
        ("a.com\r\nx", "does not appear to be a valid URL"),
        ("a.com?x=1", "does not appear to be a valid URL"),
        ("a.com/#f", "does not appear to be a valid URL"),
        ("a.com\\evil", "does not appear to be a valid URL"),
        ("exämple.com", "does not appear to be a valid URL"),
        ("a.com:port", "not a valid URL"),
        ("a.com:99999", "not a valid URL"),
        ("https://[::1", "not a valid URL"),
        ("https://key:secret@a.com", "credentials"),
    ],
)
def test_what_is_no_host(host: str, fragment: str) -> None:
    with pytest.raises(PineconeValueError, match=fragment) as caught:
        validate_host(host, "host")
    assert "secret" not in str(caught.value)


def test_a_host_that_is_no_string() -> None:
    with pytest.raises(PineconeTypeError, match="index_host must be a string, got int"):
        validate_host(5, "index_host")  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_any_host_is_taken_or_refused(host: str) -> None:
    try:
        url = validate_host(host)
    except PineconeValueError:
        return
    assert urlsplit(url).scheme in ("http", "https")
    assert validate_host(url) == url


def test_base_urls() -> None:
    assert split_base_url("https://a.com") == ("https://a.com", "")
    assert split_base_url("https://a.com:1/b/c/") == ("https://a.com:1", "/b/c")


@pytest.mark.parametrize(
    ("url", "is_local"),
    [
        ("http://localhost:1", True),
        ("http://x.localhost", True),
        ("http://127.8.8.8", True),
        ("http://[::1]", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example.com", False),
    ],
)
def test_loopback(url: str, is_local: bool) -> None:
    assert is_loopback(url) is is_local


@pytest.mark.parametrize(
    ("part", "segment"),
    [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("...", "..."),
        ("a b", "a%20b"),
        ("{}", "%7B%7D"),
        ("ü", "%C3%BC"),
    ],
)
def test_path_parts(part: str, segment: str) -> None:
    assert path("/indexes/{}/x", part) == f"/indexes/{segment}/x"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_part_stays_one_segment(part: str) -> None:
    made = path("/a/{}/b", part)
    assert checked_target(made) == made
    before, segment, after = made.split("/")[1:]
    assert (before, unquote(segment), after) == ("a", part, "b")
    assert urlsplit(f"https://x.com{made}").path == made


def test_a_part_that_cannot_be_encoded() -> None:
    with pytest.raises(PineconeValueError, match="surrogate"):
        path("/{}", "\ud800")


def test_targets_that_are_taken_as_they_are() -> None:
    for target in ("/", "/a/b?c=d%20e", "/!~"):
        assert checked_target(target, "path") == target
    for wrong, error, said in (
        (5, PineconeTypeError, "path must be a string, got int"),
        ("a", PineconeValueError, "path must start with '/', got 'a'"),
        *(
            (
                bad,
                PineconeValueError,
                f"path must be percent-encoded (plain ASCII without spaces and '#'), got {bad!r}",
            )
            for bad in ("/a b", "/a#b", "/ä", "/a\r\n")
        ),
    ):
        with pytest.raises(error) as caught:
            checked_target(wrong, "path")  # type: ignore[arg-type]
        assert str(caught.value) == said


def test_what_is_said_of_a_bad_host() -> None:
    with pytest.raises(PineconeValueError) as caught:
        validate_host("https://a.com/ä")
    assert str(caught.value).endswith("(it must be plain ASCII without spaces, query and fragment)")
    for login in ("user@", ":secret@", "user:secret@"):
        with pytest.raises(PineconeValueError) as caught:
            validate_host(f"https://{login}a.com")
        assert "secret" not in str(caught.value)
    assert validate_host("a.com/Xx/") == "https://a.com/Xx"
    assert split_base_url("https://a.com/p/://x/") == ("https://a.com", "/p/://x")
    assert split_base_url("https://a.com/X/") == ("https://a.com", "/X")
    assert not is_loopback("")
    assert path("/a/{}", "XXXX") == "/a/XXXX"


MACHINES = st.one_of(
    st.sampled_from(
        ["a.example.com", "LOCALHOST", "10.0.0.1", "[::1]", "a_b.c-d.io", "u:p@a.b", "a..b", "x"]
    ),
    st.text("aA1.-_:[]@%", max_size=12),
)
REST = st.one_of(
    st.just(""), st.sampled_from([":443", ":0", ":65536", ":x", ":", ":443/p", "/p/q.r", "/p%20"])
)


@given(st.sampled_from(["http", "https"]), MACHINES, REST)
def test_the_quick_way_to_take_a_url_apart_finds_what_the_standard_library_finds(
    scheme: str, machine: str, rest: str
) -> None:
    try:
        url = validate_host(f"{scheme}://{machine}{rest}")
    except PineconeValueError:
        return
    parts = urlsplit(url)
    assert machine_and_port(url) == (parts.hostname, parts.port)
    assert parts.port is None or 0 <= parts.port < 65_536
    assert not parts.username
    assert not parts.query
