"""The source of a request, for which rate limits count."""

from ipaddress import IPv6Address, ip_address

_UNKNOWN = "unknown"
# A street of homes behind one provider has more people than a home, but not 256 times as many.
_TIMES = {56: 2, 48: 4}


def networks_of(address: str | None) -> list[tuple[str, int]]:
    """The networks that this address counts for, the narrowest first, each with how many times as
    much it may have as a single home. Somebody who rents a server has 256 networks of /64 in a /56,
    and 65,536 in a /48: only all of them together are one source."""
    own = network_of(address)
    try:
        parsed = IPv6Address(own)
    except ValueError:
        return [(own, 1)]
    wider = [(f"{IPv6Address(int(parsed) >> 128 - it << 128 - it)}/{it}", it) for it in (56, 48)]
    return [(own, 1), *((network, _TIMES[it]) for network, it in wider)]


def network_of(address: str | None) -> str:
    """The address itself; with IPv6 the whole network (/64) that one home has. Everything that is
    no address is one source together, so that it is limited, too."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return _UNKNOWN
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(address)
