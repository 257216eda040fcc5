"""The people of an organisation, for its referents: found, sorted, exported, given a last day."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.belonging import LastDayForm
from accounts.models import Affiliation, Organisation
from accounts.services.people import affiliations, staff, terms
from accounts.states.affiliation import LIFE, REFERENT
from accounts.views.referents import for_referents, page_of
from accounts.views.requests import next_page
from dinamis import sheets
from dinamis.actors import Actor
from dinamis.errors import Invalid

A_PAGE = 50


@require_safe
@for_referents
def organisation_people(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    everybody = staff.people_of(organisation)
    page = Paginator(staff.chosen(everybody, request.GET), A_PAGE).get_page(request.GET.get("page"))
    for row in page:
        row.flags = [staff.FLAGS[name] for name in staff.flags_of(row)]
        steps = LIFE.open_from(row.state)
        row.open_steps = {name: one for name, one in steps.items() if REFERENT in one.actors}
    active = everybody.active()
    shown = {
        "organisation": organisation,
        "page": page,
        "asked": {name: request.GET.get(name, "") for name in ("view", "q", "flag", "sort")},
        "views": [(name, label) for name, (label, _states) in staff.VIEWS.items()],
        "sorts": [(name, label) for name, (label, _order) in staff.SORTS.items()],
        "flags": [
            (name, label, staff.flagged(active, name).count())
            for name, label in staff.FLAGS.items()
        ],
    }
    return render(request, "accounts/organisation_people.html", shown)


@require_safe
@for_referents
def organisation_people_csv(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    rows = staff.chosen(staff.people_of(organisation), request.GET)
    return sheets.answer("people.csv", staff.table(rows))


@require_POST
def affiliation_last_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the last day, or prolong by a year in one click."""
    affiliation = get_object_or_404(Affiliation.objects.visible_to(request.user), pk=pk)
    form = LastDayForm(request.POST)
    if not form.is_valid():
        raise Invalid("day_unreadable", _("This is no day."), field="ends_on")
    asked = form.cleaned_data["ends_on"]
    ends_on = terms.prolonged(affiliation.ends_on) if form.cleaned_data["prolong"] else asked
    affiliations.set_last_day(affiliation, ends_on=ends_on, by=Actor.of(request.user))
    messages.success(
        request, _("%(person)s: the last day is changed.") % {"person": affiliation.user}
    )
    usual = page_of("organisation_people", affiliation.organisation)
    return redirect(next_page(request, request.POST.get("next", ""), usual))
