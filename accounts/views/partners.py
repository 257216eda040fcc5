"""Accounts with partners: what failed and what differs, at the desk; one's own, on the account page."""

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import policies
from accounts.models import LinkedAccount, Partner
from accounts.services.programs import linked_accounts
from accounts.states.linked_account import TO_DO, State
from dinamis.actors import Actor

SHOWN = 50
DIFFERENCES = {
    "missing_there": gettext_lazy("open here, absent there"),
    "closed_there": gettext_lazy("open here, closed there"),
    "open_there": gettext_lazy("closed here, open there"),
    "other_facts": gettext_lazy("another name or address there"),
    "unknown_here": gettext_lazy("open there, unknown here"),
    "not_read": gettext_lazy("the list could not be read"),
}


@require_safe
def desk_partners(request: HttpRequest) -> HttpResponse:
    policies.check_is_desk(request.user)
    counted = Partner.objects.annotate(
        open_count=Count("accounts", Q(accounts__state=State.ACTIVE)),
        waiting_count=Count("accounts", Q(accounts__state__in=TO_DO)),
        failed_count=Count("accounts", Q(accounts__state=State.FAILED)),
        closed_count=Count("accounts", Q(accounts__state=State.INACTIVE)),
        last_success=Max("accounts__succeeded_at"),
    )
    page = {"partners": [_shown(partner) for partner in counted]}
    return render(request, "accounts/desk_partners.html", page)


@require_POST
def desk_partner_ask(request: HttpRequest, code: str) -> HttpResponse:
    policies.check_is_desk(request.user)
    partner = get_object_or_404(Partner, code=code)
    by = Actor.of(request.user)
    if request.POST.get("what") == "compare":
        linked_accounts.ask_comparison(partner, by=by)
        messages.success(request, _("The list is being read; what differs appears here."))
    elif request.POST.get("what") == "replay":
        count = linked_accounts.replay_all(partner, by=by)
        said = ngettext(
            "%(count)d account is tried again.", "%(count)d accounts are tried again.", count
        )
        messages.success(request, said % {"count": count})
    else:
        raise Http404
    return redirect("desk_partners")


@require_POST
def desk_account_replay(request: HttpRequest, pk: int) -> HttpResponse:
    policies.check_is_desk(request.user)
    account = get_object_or_404(LinkedAccount, pk=pk)
    linked_accounts.replay(account, by=Actor.of(request.user))
    messages.success(request, _("%(account)s: tried again.") % {"account": account})
    return redirect("desk_partners")


@require_POST
def my_partner(request: HttpRequest, code: str) -> HttpResponse:
    partner = get_object_or_404(Partner.objects.filter(enabled=True), code=code)
    linked_accounts.ask(request.user, partner, by=Actor.of(request.user))
    messages.success(
        request, _("Your account at %(name)s is being opened.") % {"name": partner.name}
    )
    return redirect("account")


def with_partners(request: HttpRequest) -> list[dict[str, object]]:
    """The reader's accounts, and the partners where one may still be asked for."""
    mine = {row.partner_id: row for row in LinkedAccount.objects.filter(user=request.user)}
    may_ask = policies.is_member(request.user)
    rows = []
    for partner in Partner.objects.filter(Q(enabled=True) | Q(pk__in=mine)):
        account = mine.get(partner.pk)
        is_closed = account is None or account.state == State.INACTIVE
        askable = may_ask and partner.enabled and is_closed
        if account or askable:
            rows.append({"partner": partner, "account": account, "askable": askable})
    return rows


def _shown(partner: Partner) -> Partner:
    failed = partner.accounts.failed().select_related("user").order_by("state_since", "pk")
    waiting = partner.accounts.to_do().exclude(last_error="").select_related("user")
    partner.failed_rows = failed[:SHOWN]
    partner.waiting_rows = waiting.order_by("due_at", "pk")[:SHOWN]
    by_pk = partner.accounts.select_related("user").in_bulk(
        [row["account"] for row in partner.differences if "account" in row]
    )
    partner.differing = [
        {
            "say": DIFFERENCES[row["kind"]],
            "about": by_pk.get(row.get("account")) or row.get("remote_id") or row.get("say", ""),
        }
        for row in partner.differences
    ]
    return partner
