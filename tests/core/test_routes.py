"""What a proxy is sent, and whether the system may name one."""

from __future__ import annotations

import sys

import pytest

from pinecone_core.config import may_name_proxies
from pinecone_core.routes import Proxy, login_of


def test_a_proxy_with_a_login_and_headers() -> None:
    proxy = Proxy.of("proxy.example.com", 3128, ("user", "p:ss"), [("X-Team", "a")])
    assert (proxy.host, proxy.port) == ("proxy.example.com", 3128)
    assert proxy.headers == (("X-Team", "a"), ("Proxy-Authorization", "Basic dXNlcjpwOnNz"))
    assert "dXNlcjpwOnNz" not in repr(proxy)


def test_a_proxy_alone() -> None:
    assert Proxy.of("proxy", 1, None, ()) == Proxy("proxy", 1, ())


@pytest.mark.parametrize(
    ("platform", "variables", "answer"),
    [
        ("linux", {}, False),
        ("linux", {"HTTPS_PROXY": ""}, True),
        ("linux", {"all_proxy": "http://proxy"}, True),
        ("linux", {"PROXY": "x", "HTTP_PROXY_": "x"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_where_a_proxy_may_be_named(
    monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], answer: bool
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("os.environ", variables)
    assert may_name_proxies() is answer


@pytest.mark.parametrize(
    ("address", "login"),
    [
        ("http://proxy:1", None),
        ("http://user@proxy:1", ("user", "")),
        ("http://us%40er:p%2Fw@proxy:1", ("us@er", "p/w")),
    ],
)
def test_the_login_in_an_address(address: str, login: tuple[str, str] | None) -> None:
    assert login_of(address) == login
