"""Which addresses are public, however they are written."""

from __future__ import annotations

import pytest

from ipydarkroom.addresses import is_public, literal

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200",
    "0.0.0.0", "192.0.0.192", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:127.0.0.1", "fec0::1", "", "example", "2606:4700::1%1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_of_a_private_network_is_not_public(address: str) -> None:
    """Private, loopback, link-local, multicast, reserved, metadata, and whatever may hide such an address."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "192.0.1.1", "1.1.1.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    """Just outside the special ranges too."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0177.0.0.1", "127.1", "127.0.1", "localhost",
     "a.localhost", "LOCALHOST.", "127.0.0.1.", "[127.0.0.1]"],
)  # fmt: skip
def test_loopback_is_seen_through_every_notation(host: str) -> None:
    """Decimal, hexadecimal, octal and short forms are read as the C library reads them."""
    assert "127.0.0.1" == literal(host)


def test_a_name_is_no_address() -> None:
    """A name is for the resolver, however it looks."""
    assert [None] * 6 == [literal(host) for host in ("files.example", "face", "cafe.example", "0x", "999.1.1.1", "")]
    assert "::1" == literal("[::1]")
    assert "fe80::1%eth0" == literal("[fe80::1%25eth0]")
