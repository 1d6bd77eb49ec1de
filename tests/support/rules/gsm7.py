"""How long a text is as an SMS (3GPP TS 23.038, default alphabet; 23.040, one message)."""

ONE_MESSAGE = 160

_BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes two places.
_EXTENSION = set("\f^{}\\[~]|€")


def septets(text: str) -> int:
    """The length in septets. Raises ValueError for a letter that would turn the whole SMS into
    UCS-2, with 70 places."""
    if foreign := set(text) - _BASIC - _EXTENSION:
        raise ValueError(f"not in the alphabet of SMS: {sorted(foreign)}")
    return sum(2 if it in _EXTENSION else 1 for it in text)
