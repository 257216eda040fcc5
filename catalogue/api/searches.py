"""/searches: one's saved searches, each the body of a STAC search, and what they found."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey
from catalogue.models import SavedSearch, SearchHit
from catalogue.services import searches
from catalogue.stac.items import absolute
from dinamis.actors import Actor

SHOWN = 100


class SearchShown(serializers.ModelSerializer[SavedSearch]):
    """`search` is what POST /stac/search takes; `feed` is a secret address for news readers."""

    url = serializers.SerializerMethodField()
    feed = serializers.SerializerMethodField()

    class Meta:
        model = SavedSearch
        fields = ("key", "name", "search", "is_paused", "made_at", "url", "feed")
        read_only_fields = ("key", "is_paused", "made_at")
        extra_kwargs = {"search": {"help_text": "The body of a STAC search, without page or order"}}

    def get_url(self, search: SavedSearch) -> str:
        return f"{settings.SITE_URL}{search.get_absolute_url()}"

    def get_feed(self, search: SavedSearch) -> str:
        return absolute("search_feed", search.key)


class HitShown(serializers.ModelSerializer[SearchHit]):
    """`item` is the STAC item."""

    identifier = serializers.CharField(source="scene.item_id")
    item = serializers.SerializerMethodField()

    class Meta:
        model = SearchHit
        fields = ("identifier", "kind", "at", "item")

    def get_item(self, hit: SearchHit) -> str:
        return absolute("stac_item", hit.scene.collection_id, hit.scene.item_id)


class OneShown(SearchShown):
    """With its newest hundred finds."""

    hits = serializers.SerializerMethodField()

    class Meta(SearchShown.Meta):
        fields = (*SearchShown.Meta.fields, "hits")

    @extend_schema(responses=HitShown(many=True))
    def get_hits(self, search: SavedSearch) -> list[dict[str, Any]]:
        rows = search.hits.select_related("scene")[:SHOWN]
        return list(HitShown(rows, many=True).data)


class Searches(APIView):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(responses=SearchShown(many=True), operation_id="searches")
    def get(self, request: Request) -> Response:
        """One's own, by name."""
        rows = SavedSearch.objects.visible_to(request.user)
        return Response(SearchShown(rows, many=True).data)

    @extend_schema(request=SearchShown, responses={201: SearchShown}, operation_id="search_save")
    def post(self, request: Request) -> Response:
        """Keep a search; what is in the catalogue now is no news."""
        shape = SearchShown(data=request.data)
        shape.is_valid(raise_exception=True)
        given = shape.validated_data["search"]
        if not isinstance(given, dict):
            raise serializers.ValidationError({"search": ["A STAC search is a JSON object."]})
        by = Actor.of(request.user)
        saved = searches.save(given, name=shape.validated_data["name"], by=by)
        return Response(SearchShown(saved).data, status=status.HTTP_201_CREATED)


class OneSearch(APIView):
    @extend_schema(responses=OneShown, operation_id="search_one")
    def get(self, request: Request, key: str) -> Response:
        """One search and what it found."""
        return Response(OneShown(_own(request, key)).data)


class PausedSearch(APIView):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(request=None, responses=SearchShown, operation_id="search_pause")
    def post(self, request: Request, key: str) -> Response:
        """Ask it no more until it is resumed."""
        search = searches.pause(_own(request, key), by=Actor.of(request.user))
        return Response(SearchShown(search).data)


class ResumedSearch(APIView):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(request=None, responses=SearchShown, operation_id="search_resume")
    def post(self, request: Request, key: str) -> Response:
        """Ask it again, and at once: what came in meanwhile is told."""
        search = searches.resume(_own(request, key), by=Actor.of(request.user))
        return Response(SearchShown(search).data)


class DeletedSearch(APIView):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(request=None, responses={204: None}, operation_id="search_delete")
    def post(self, request: Request, key: str) -> Response:
        """Delete it and what it found; its feed ends."""
        searches.delete(_own(request, key), by=Actor.of(request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _own(request: Request, key: str) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), key=key)
