"""The forms around signing in, in the words of the rest of the product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django import forms


class SignInForm(LoginForm):
    """Address and password. The way to a new password stands below the form, not between a word and its field."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as allauth makes its forms
        super().__init__(*args, **kwargs)
        _name_address(self.fields["login"])
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""


class AddAddressForm(AddEmailForm):
    """Another address of the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as allauth makes its forms
        super().__init__(*args, **kwargs)
        _name_address(self.fields["email"])


class ForgottenPasswordForm(ResetPasswordForm):
    """Where to send the way to a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as allauth makes its forms
        super().__init__(*args, **kwargs)
        _name_address(self.fields["email"])


def _name_address(field: forms.Field) -> None:
    """One word for an address everywhere, above its field and not inside of it a second time."""
    field.label = _("E-mail address")
    field.widget.attrs.pop("placeholder", None)
