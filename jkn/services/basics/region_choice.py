"""The place of an address as somebody chose it."""

from dataclasses import dataclass

from jkn.services.basics import region_list


@dataclass(frozen=True)
class RegionChoice:
    """`code`: of the village; of its district where the list does not have the village yet, which
    `village_in_words` then names. `postal_code`: five digits, as the person wrote them."""

    code: str
    postal_code: str
    village_in_words: str | None = None

    @property
    def is_postal_code_usual(self) -> bool:
        """Whether the list has this postal code for it. The list has errors: a person may know
        better, and is warned only."""
        return self.postal_code in usual_postal_codes(self.code)


def usual_postal_codes(code: str) -> list[str]:
    """The postal codes of a village, or of all villages of a district, in order."""
    found = region_list.region(code)
    if found is None:
        return []
    if found.postal_code:
        return [found.postal_code]
    return sorted({it.postal_code for it in region_list.parts(code)} - {""})
