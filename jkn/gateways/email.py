"""E-mail: the simulated gateway of development, or SMTP."""

from jkn.gateways.email_smtp import SmtpGateway
from jkn.gateways.failover import Failover
from jkn.gateways.outgoing import Email, EmailGateway
from jkn.gateways.simulated import SimulatedGateway
from jkn.settings import Settings


def from_settings(settings: Settings) -> EmailGateway:
    """The server of `JKN_SMTP_URL`; the simulated gateway where that is not set."""
    if settings.smtp_url is None:
        return SimulatedGateway()
    # Production must set a sender. Elsewhere any will do, since nobody answers.
    sender = settings.mail_from or f"mobile-jkn@{settings.host_name}"
    return Failover[Email]([SmtpGateway(settings.smtp_url, sender)])
