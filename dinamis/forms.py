"""A refusal that belongs to a form goes back into it: nothing that was typed is lost."""

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm, CheckboxInput, Select
from django.http import HttpRequest

from dinamis.errors import Invalid, NotNow, TooLarge
from dinamis.middleware import record

Result = TypeVar("Result")


def tried(request: HttpRequest, form: BaseForm, act: Callable[[], Result]) -> Result | None:
    """Run a service for a valid form. What the reader can mend becomes the form's own error.

    The refusal stays on `form.refused` with its ways on, for components/form_errors.html; the page
    is then shown again with `form_status`. NotAllowed and NotFound are not the form's: they pass.
    """
    try:
        return act()
    except (Invalid, TooLarge, NotNow) as refused:
        record(request, refused)
        form.refused = refused
        form.add_error(None, str(refused.sentence))
        return None


def form_status(form: BaseForm) -> int:
    """The status of a page that shows this form: that of its refusal, 422 for its errors, else 200."""
    refused = getattr(form, "refused", None)
    if refused is not None:
        return refused.status
    return 422 if form.is_bound and form.errors else 200


def narrow(form: BaseForm) -> None:
    """Give the controls of a row, of filters or of a table, the small size of theirs."""
    for field in form.fields.values():
        if isinstance(field.widget, CheckboxInput):
            field.widget.attrs["class"] = "form-check-input"
        elif isinstance(field.widget, Select):
            field.widget.attrs["class"] = "form-select form-select-sm"
        elif not field.widget.is_hidden:
            field.widget.attrs["class"] = "form-control form-control-sm"
