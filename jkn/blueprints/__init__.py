"""The routes: one folder for each flow; small neighbouring flows share one."""

from flask import Flask

from jkn.blueprints.account_freeze import routes as account_freeze
from jkn.blueprints.captcha import routes as captcha
from jkn.blueprints.card import routes as card
from jkn.blueprints.facilities import routes as facilities
from jkn.blueprints.family_confirmation import routes as family_confirmation
from jkn.blueprints.home import home, more
from jkn.blueprints.limited_mode import routes as limited_mode
from jkn.blueprints.notifications import routes as notifications
from jkn.blueprints.operations import health, metrics, outbox_preview, reports
from jkn.blueprints.participant_info import routes as participant_info
from jkn.blueprints.passkeys import routes as passkeys
from jkn.blueprints.password_change import routes as password_change
from jkn.blueprints.pin import routes as pin
from jkn.blueprints.profile import activity, devices
from jkn.blueprints.profile import routes as profile
from jkn.blueprints.public_pages import (
    display,
    help,  # noqa: A004  the flow is called help in every layer
    landing,
    terms,
)
from jkn.blueprints.pwa import routes as pwa
from jkn.blueprints.recovery import routes as recovery
from jkn.blueprints.regions import routes as regions
from jkn.blueprints.registration import routes as registration
from jkn.blueprints.sign_in import reauthentication, saved_username, session_end, sign_out
from jkn.blueprints.sign_in import routes as sign_in
from jkn.extensions import csrf
from jkn.settings import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Register every flow. In production the pages for developers are left out."""
    ways_in = (landing, sign_in, registration, recovery, account_freeze, family_confirmation)
    flows = (
        *ways_in,
        limited_mode,
        home,
        card,
        notifications,
        more,
        sign_out,
        help,
        terms,
        facilities,
        participant_info,
    )
    own_account = (
        profile,
        activity,
        devices,
        passkeys,
        password_change,
        pin,
        reauthentication,
        saved_username,
        session_end,
    )
    for flow in (*flows, *own_account, display, captcha, regions, pwa, reports, health, metrics):
        app.register_blueprint(flow.blueprint)
    if not settings.is_production:
        app.register_blueprint(outbox_preview.blueprint)
    # Browsers send reports without a token; they change nothing.
    csrf.exempt("jkn.blueprints.operations.reports.content_security")
