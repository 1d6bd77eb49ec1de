"""The source of a request, for which rate limits count."""

from ipaddress import IPv6Address, ip_address

_UNKNOWN = "unknown"


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
