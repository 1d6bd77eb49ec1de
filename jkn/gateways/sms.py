"""SMS: the simulated gateway of development, or real gateways in fail-over order."""

from jkn.gateways.failover import Failover
from jkn.gateways.outgoing import Sms, SmsGateway
from jkn.gateways.simulated import SimulatedGateway
from jkn.gateways.sms_http import JsonSmsGateway, ZenzivaSmsGateway
from jkn.settings import Settings


def from_settings(settings: Settings) -> SmsGateway:
    """The gateways of `JKN_SMS_URL`; the simulated one where that is not set."""
    if not settings.sms_url:
        return SimulatedGateway()
    return Failover[Sms](
        [
            ZenzivaSmsGateway(url) if url.scheme.startswith("zenziva") else JsonSmsGateway(url)
            for url in settings.sms_url
        ]
    )
