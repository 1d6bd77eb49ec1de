"""The acts that end every session of an account, called below the pages."""

from collections.abc import Callable

from jkn.models import Account
from jkn.services.access import account_freeze, password_change
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from tests.support.calls.recovery_calls import NEW_PASSWORD, choose, proved
from tests.support.calls.sign_in_calls import BROWSER, CLIENT
from tests.support.calls.warning_calls import warned
from tests.support.world.factories import PASSWORD


def freeze(account: Account) -> object:
    return account_freeze.freeze(warned(account), CLIENT)


def recover(account: Account) -> object:
    return choose(proved(account.nik))


def change_password(account: Account) -> object:
    token = captcha.draw(CaptchaPurpose.CHANGE_PASSWORD, BROWSER)
    answer = CaptchaAnswer(token, "12345", CaptchaPurpose.CHANGE_PASSWORD, BROWSER)
    return password_change.change(account, PASSWORD, NEW_PASSWORD, answer, CLIENT)


ENDINGS: tuple[Callable[[Account], object], ...] = (freeze, recover, change_password)
