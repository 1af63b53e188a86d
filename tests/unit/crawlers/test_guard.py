import pytest

from crawlers.guard import refusal

PUBLIC = ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"]
INSIDE = [
    "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "fe80::1", "fe80::1%eth0", "fc00::1", "::", "ff02::1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "nonsense", "",
]  # fmt: skip
LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert refusal(address) is None


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_never_pass(address: str) -> None:
    assert refusal(address)
    assert refusal(address, allow_loopback=True)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_only_where_the_source_allows_it(address: str) -> None:
    assert refusal(address) == "loopback address"
    assert refusal(address, allow_loopback=True) is None
