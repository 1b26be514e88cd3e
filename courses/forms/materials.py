"""What is asked when a file is put with an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities import captions, uploads
from activities.models import Material
from activities.words import in_bytes, why_not
from courses.queries.materials import extensions_for
from courses.services.materials import check_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LANGUAGES = [
    ("en", gettext_lazy("English")),
    ("nl", gettext_lazy("Dutch")),
    ("fr", gettext_lazy("French")),
    ("de", gettext_lazy("German")),
    ("es", gettext_lazy("Spanish")),
    ("it", gettext_lazy("Italian")),
    ("pt", gettext_lazy("Portuguese")),
    ("pl", gettext_lazy("Polish")),
    ("tr", gettext_lazy("Turkish")),
    ("ar", gettext_lazy("Arabic")),
]
LABELS = {
    Material.Kind.CLIP: gettext_lazy("Video file"),
    Material.Kind.CAPTIONS: gettext_lazy("Captions file"),
    Material.Kind.TEXT: gettext_lazy("File to read"),
}


class MaterialForm(forms.Form):
    """A file of one kind; captions say their language, a clip may say its length."""

    file = forms.FileField(error_messages={"required": gettext_lazy("Choose a file first.")})
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES, initial="en")
    seconds = forms.IntegerField(
        label=gettext_lazy("Length in seconds"),
        required=False,
        min_value=1,
        max_value=6 * 3600,
        help_text=gettext_lazy("Most files say it themselves; then this is not needed."),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:  # Any: as Django's own form
        super().__init__(*args, **{"auto_id": f"{kind}-%s", **kwargs})
        self.kind = kind
        self.max_bytes = captions.BYTES_MAX if kind == Material.Kind.CAPTIONS else settings.BLENDEDU_UPLOAD_MAX_BYTES
        extensions = extensions_for(kind)
        self.fields["file"].label = LABELS[Material.Kind(kind)]
        self.fields["file"].widget.attrs["accept"] = ",".join(f".{each}" for each in extensions)
        self.fields["file"].help_text = _("%(extensions)s; at most %(size)s.") % {
            "extensions": ", ".join(extensions),
            "size": in_bytes(self.max_bytes),
        }
        if kind != Material.Kind.CAPTIONS:
            del self.fields["language"]
        if kind != Material.Kind.CLIP:
            del self.fields["seconds"]

    def clean_file(self) -> UploadedFile[Any]:  # Any: bytes or text, as the parser made it
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            self.cleaned_data["name"] = check_file(self.kind, file, max_bytes=self.max_bytes)
        except uploads.BadFile as error:
            raise forms.ValidationError(why_not(error)) from None
        return file
