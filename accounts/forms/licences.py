"""What a person ticks to sign, and what an administrator writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import LicenceDraft
from accounts.services.licences.licence_drafts import Wording


class SignForm(forms.Form):
    """The tick and the digest of the text that was on the page."""

    accept = forms.BooleanField(label=_("I have read this text and accept it."))
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    subject = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)


class AcceptAgainForm(forms.Form):
    """One tick and one digest for each changed text."""

    def __init__(self, *args: Any, texts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[f"accept_{text.licence_id}"] = forms.BooleanField(
                label=_("I have read “%(title)s” and accept it.") % {"title": text.title}
            )
            self.fields[f"shown_{text.licence_id}"] = forms.CharField(
                widget=forms.HiddenInput, initial=text.sha256, max_length=64
            )

    @property
    def offered(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """Each text with its tick and its digest."""
        return [
            (text, self[f"accept_{text.licence_id}"], self[f"shown_{text.licence_id}"])
            for text in self.texts
        ]

    @property
    def shown(self) -> dict[str, str]:
        """Each licence with the digest of what was on the page."""
        codes = [text.licence_id for text in self.texts]
        return {code: self.cleaned_data[f"shown_{code}"] for code in codes}


class DraftForm(forms.ModelForm):
    """A whole version: both languages, its day, and why."""

    class Meta:
        model = LicenceDraft
        fields = (
            "version", "effective_on", "markup", "reason", "is_placeholder",
            "title_fr", "body_fr", "title_en", "body_en",
        )  # fmt: skip
        widgets = {
            "effective_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "body_fr": forms.Textarea(attrs={"rows": 14, "lang": "fr"}),
            "body_en": forms.Textarea(attrs={"rows": 14, "lang": "en"}),
            "title_fr": forms.TextInput(attrs={"lang": "fr"}),
            "title_en": forms.TextInput(attrs={"lang": "en"}),
        }

    @property
    def wording(self) -> Wording:
        return Wording(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    def validate_constraints(self) -> None:
        """Whether the version is free is a rule: the service says it, with its own sentence."""
