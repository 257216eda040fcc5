"""Saved searches: one's own, what each found, and its feed for news readers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalogue.forms import SavedSearchForm
from catalogue.models import SavedSearch
from catalogue.services import searches
from catalogue.stac import items, of_question
from catalogue.views.workbench import asked, in_words
from dinamis.actors import Actor
from dinamis.forms import form_status, tried

SHOWN = 100


@require_safe
def saved_searches(request: HttpRequest) -> HttpResponse:
    rows = SavedSearch.objects.visible_to(request.user).with_counts()
    return render(request, "catalogue/saved_searches.html", {"rows": rows, "most": searches.MOST})


@require_http_methods(["GET", "HEAD", "POST"])
def search_new(request: HttpRequest) -> HttpResponse:
    """Name the search that the workbench's address holds, and keep it.

    A list of names that no address holds comes posted by the workbench, without a name of its own.
    """
    question, area = asked(request)
    named = request.POST if "name" in request.POST else None
    form = SavedSearchForm(named, initial={"name": area.name if area else ""})
    if form.is_valid():
        kept = {
            "name": form.cleaned_data["name"],
            "address": "" if question.is_too_long else question.query_string(),
            "by": Actor.of(request.user),
        }
        body = of_question.body(question)
        saved = tried(request, form, lambda: searches.save(body, **kept))
        if saved is not None:
            messages.success(request, _("The search is saved: you are told of new images."))
            return redirect(saved)
    page = {
        "form": form,
        "question": question,
        "words": in_words(question, area),
        "pairs": question.parameters(),
        "query": question.for_links().query_string(),
    }
    return render(request, "catalogue/search_new.html", page, status=form_status(form))


@require_safe
def saved_search(request: HttpRequest, key: str) -> HttpResponse:
    """What it found since it was saved, the newest first."""
    search = _own(request, key)
    hits = search.hits.select_related("scene__platform", "scene__collection")[:SHOWN]
    feed = items.absolute("search_feed", search.key)
    return render(
        request, "catalogue/saved_search.html", {"search": search, "hits": hits, "feed": feed}
    )


@require_POST
def search_pause(request: HttpRequest, key: str) -> HttpResponse:
    searches.pause(_own(request, key), by=Actor.of(request.user))
    messages.success(request, _("The search is paused: nothing is told until you resume it."))
    return redirect("saved_searches")


@require_POST
def search_resume(request: HttpRequest, key: str) -> HttpResponse:
    searches.resume(_own(request, key), by=Actor.of(request.user))
    messages.success(request, _("The search is resumed: what came in meanwhile is told, too."))
    return redirect("saved_searches")


@require_POST
def search_delete(request: HttpRequest, key: str) -> HttpResponse:
    searches.delete(_own(request, key), by=Actor.of(request.user))
    messages.success(request, _("The search is deleted."))
    return redirect("saved_searches")


@login_not_required
@require_safe
def search_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Atom: whoever holds the address reads it. It tells of images, never of the place watched."""
    search = get_object_or_404(SavedSearch.objects.select_related("owner"), key=key)
    with override(search.owner.language):
        me = items.absolute("search_feed", search.key)
        feed = Atom1Feed(
            title=search.name,
            link=items.absolute("catalogue"),
            feed_url=me,
            description=None,
            feed_guid=me,
            language=search.owner.language,
        )
        for hit in search.hits.select_related("scene__platform")[:SHOWN]:
            address = items.absolute("scene", hit.scene.item_id)
            feed.add_item(
                title=hit.scene.item_id,
                link=address,
                unique_id=f"{address}#{hit.kind}",
                updateddate=hit.at,
                description=f"{hit.scene.platform.name}, {hit.scene.datetime:%Y-%m-%d}: "
                f"{hit.get_kind_display()}",
            )
    answer = HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def _own(request: HttpRequest, key: str) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), key=key)
