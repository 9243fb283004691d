"""Whose address counts, with and without proxies, and when a header lies."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from tripartite.limits import network_of
from tripartite.web.shell.client_address import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "connection", "expected"),
    [
        (0, None, "192.0.2.7", "192.0.2.7"),
        (0, "198.51.100.1", "192.0.2.7", "192.0.2.7"),
        (1, "198.51.100.1", "192.0.2.7", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "192.0.2.7", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.1", "192.0.2.7", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.7", "192.0.2.7"),
        (1, "pas une adresse", "192.0.2.7", "192.0.2.7"),
        (1, "", "192.0.2.7", "192.0.2.7"),
        (1, "2001:DB8::1", "192.0.2.7", "2001:db8::1"),
        (0, None, "", "127.0.0.1"),
        (0, None, "::ffff:192.0.2.7", "192.0.2.7"),
        (0, None, "fe80::1%eth0", "fe80::1"),
        (1, "::ffff:198.51.100.1", "192.0.2.7", "198.51.100.1"),
    ],
)
def test_client_address(proxies, forwarded, connection, expected):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=connection)
    assert client_address(request, proxies) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
    ],
)
def test_what_counts_as_one(address, network):
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_whoever_changes_the_last_half_of_an_address_stays_the_same(address, host):
    if address.ipv4_mapped is None:
        neighbour = type(address)((int(address) >> 64 << 64) | host)
        assert network_of(str(neighbour)) == network_of(str(address)) or neighbour.ipv4_mapped
