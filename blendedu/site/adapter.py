"""Who may have an account: people whom the institution knows. Nobody signs up by themselves."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit  # what the parent's own method uses, with another key
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from blendedu.people.models import User
from blendedu.site.devices import known_device, remember

logger = structlog.get_logger(__name__)


class Adapter(DefaultAccountAdapter):
    """Accounts are made by import or by an administrator; guessing at one locks nobody else out of it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The parent's name for what wrong passwords count under; a password that was set anew starts it again.
        login = str(credentials.get("email") or credentials.get("username") or "")
        return f"{self.get_client_ip(request)} {login.lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:  # Any: as allauth passes them
        """Count this try, and refuse it when there were too many wrong ones from the same place."""
        login = str(credentials.get("email") or credentials.get("username") or "")
        if device := known_device(request, login):
            action, key = "login_failed_device", device
        else:
            action, key = "login_failed", self._get_login_attempts_cache_key(request, **credentials)
        self._login_failed_rl_usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:  # Any: a template context
        """Send one mail now. A server that is away is said as it is, the same to everybody: known here or not."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException) as error:
            logger.warning("A mail about an account could not be sent.", mail=template_prefix, error=str(error))
            raise ImmediateHttpResponse(render(self.request, "account/mail_away.html", status=503)) from None

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:  # Any: as allauth passes them
        response: HttpResponse = super().post_login(request, user, **told)
        remember(response, user.email)
        return response


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on lets in people who have an account; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
