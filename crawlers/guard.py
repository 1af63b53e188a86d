"""Which addresses may be connected to: a pure decision on one IP address."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

# Shared address space of carriers and the NAT64 prefix reach inside networks, yet
# `is_global` has changed its mind about them between Python versions.
_NAT64 = 0x0064_FF9B << 96


def refusal(address: str, allow_loopback: bool = False) -> str | None:
    """Why this address must not be fetched, or None when it may be."""
    try:
        ip = ip_address(address.split("%")[0])
    except ValueError:
        return "not an address"
    ip = _embedded(ip)
    if ip.is_loopback:
        return None if allow_loopback else "loopback address"
    if ip.is_link_local:
        return "link-local address"
    if ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return "reserved address"
    if not ip.is_global:
        return "private address"
    return None


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64), else itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip.sixtofour:
        return ip.sixtofour
    if int(ip) >> 32 == _NAT64 >> 32:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
