"""Where a person whose duty demands a second factor is led: why, what to do, which one to choose."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts import policies


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    if not policies.lacks_second_factor(request.user):
        return redirect("mfa_index")
    page = {
        "duties": request.user.duties.current(),
        "led": policies.organisations_led_by(request.user),
    }
    return render(request, "accounts/second_factor.html", page)
