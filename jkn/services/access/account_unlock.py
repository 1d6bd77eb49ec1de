"""What an operator does for somebody whom others have shut out (security.md R113)."""

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.models import Account, EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import OPERATOR
from jkn.services.credentials import one_time_codes, password_verification, personal_questions


@transactional
def unlock(nik: str) -> bool:
    """Let passwords, codes and answers be tried anew, from every phone. For operators, after the
    person called. False: there is no such account; what was counted for the number is forgotten all
    the same."""
    password_verification.forgive_everywhere(nik)
    one_time_codes.forgive_everywhere(nik)
    personal_questions.forgive_everywhere(nik)
    of_nik = Account.nik_index.in_(blind_index("accounts.nik", nik))
    account = session.scalars(select(Account).where(of_nik)).one_or_none()
    if account is None:
        return False
    audit_log.log(EventKind.ACCOUNT_UNLOCKED, OPERATOR, account_id=account.id)
    return True
