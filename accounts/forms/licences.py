"""What a person ticks to sign."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignForm(forms.Form):
    """The tick and the digest of the text that was on the page."""

    accept = forms.BooleanField(label=_("I have read this text and accept it."))
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    subject = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
