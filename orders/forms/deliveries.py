"""A delivery as an officer hands it in."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts.models import Licence
from dinamis.formats import file_size
from orders.forms.wishes import DateInput


class PublishForm(forms.Form):
    """A delivery that waits, published: for an order or none, at once or from a day on."""

    order = forms.CharField(max_length=80, required=False)
    embargo_until = forms.DateField(required=False)


class DeliveryForm(forms.Form):
    archive = forms.FileField(label=_("The delivery"), help_text=_("A zip, tar or tar.gz file."))
    order = forms.CharField(
        label=_("Order"),
        max_length=80,
        required=False,
        help_text=_("Our reference; empty: found by what the delivery says."),
    )
    licence = forms.ModelChoiceField(
        label=_("Another licence"),
        queryset=Licence.objects.exclude(scope="organisation"),
        required=False,
        empty_label=_("the sensor's own"),
        help_text=_("Chosen, the images are published even without an order."),
    )
    embargo_until = forms.DateField(
        label=_("Under embargo until"),
        required=False,
        widget=DateInput(),
        help_text=_("Until that day only the requester of its order has the images; empty: none."),
    )
    without_pixels = forms.BooleanField(
        label=_("Metadata only: the image tiles may be empty"), required=False
    )

    def clean_archive(self) -> UploadedFile:
        file = self.cleaned_data["archive"]
        if file.size > settings.MAX_DELIVERY_UPLOAD:
            limit = file_size(settings.MAX_DELIVERY_UPLOAD)
            raise forms.ValidationError(
                _("The file is over %(limit)s; hand it in on the server with `ingest`."),
                code="too_large",
                params={"limit": limit},
            )
        return file

    @property
    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        licence = said["licence"].code if said["licence"] else ""
        return {
            "order": said["order"].strip(),
            "licence": licence,
            "embargo_until": said["embargo_until"],
            "without_pixels": said["without_pixels"],
        }
