"""What the account holds of a person, as Profil shows it."""

from dataclasses import dataclass

from jkn.models import Account
from jkn.services.basics.masking import mask_email, mask_nik, mask_phone
from jkn.services.basics.wording import grouped, local_phone


@dataclass(frozen=True)
class PersonalData:
    """As text for the page, masked or whole. `phone` and `email` are None where there is none."""

    name: str
    nik: str
    phone: str | None
    email: str | None


def masked_data(account: Account) -> PersonalData:
    """The data with their numbers masked, as the page shows them at first."""
    return PersonalData(
        name=account.name,
        nik=mask_nik(account.nik),
        phone=None if account.phone is None else mask_phone(account.phone),
        email=None if account.email is None else mask_email(account.email),
    )


def open_data(account: Account) -> PersonalData:
    """The whole data, for a session with a step-up."""
    return PersonalData(
        name=account.name,
        nik=grouped(account.nik),
        phone=None if account.phone is None else grouped(local_phone(account.phone)),
        email=account.email,
    )
