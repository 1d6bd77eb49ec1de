"""What the account holds of a person, as Profil shows it."""

from dataclasses import dataclass

from jkn.models import Account
from jkn.services.basics.masking import mask_email, mask_nik, mask_phone
from jkn.services.basics.wording import grouped, local_phone


@dataclass(frozen=True)
class PersonalData:
    """In words. `phone` and `email` are None where there is none."""

    name: str
    nik: str
    phone: str | None
    email: str | None


def masked_data(account: Account) -> PersonalData:
    """For every look at the page."""
    return PersonalData(
        name=account.name,
        nik=mask_nik(account.nik),
        phone=None if account.phone is None else mask_phone(account.phone),
        email=None if account.email is None else mask_email(account.email),
    )


def open_data(account: Account) -> PersonalData:
    """For who has just shown the PIN."""
    return PersonalData(
        name=account.name,
        nik=grouped(account.nik),
        phone=None if account.phone is None else grouped(local_phone(account.phone)),
        email=account.email,
    )
