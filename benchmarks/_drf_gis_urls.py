"""The pages of `_drf_gis`: a list by a filter set, one feature by its identifier."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django_filters import rest_framework as filters
from rest_framework.generics import GenericAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.filters import GeometryFilter
from rest_framework_gis.filterset import GeoFilterSet
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from catalogue.api.stac import StacView
from catalogue.models import Scene
from dinamis import health


class SceneSerializer(GeoFeatureModelSerializer):
    """The columns that an item tells, under their own names; no links, no assets, no products."""

    footprint = GeometryField()

    class Meta:
        model = Scene
        geo_field = "footprint"
        id_field = "item_id"
        auto_bbox = True
        fields = [
            "item_id", "collection", "platform", "datetime", "added_at", "resolution_m",
            "cloud_cover", "snow_cover", "incidence", "incidence_along", "incidence_across", "viewing",
            "orientation", "sun_azimuth", "sun_elevation", "stereo", "footprint", "footprint_source",
        ]  # fmt: skip


class SceneFilter(GeoFilterSet):
    area = GeometryFilter(field_name="footprint", lookup_expr="intersects")
    begins_at = filters.IsoDateTimeFilter(field_name="datetime", lookup_expr="gte")
    ends_at = filters.IsoDateTimeFilter(field_name="datetime", lookup_expr="lt")
    cloud = filters.NumberFilter(field_name="cloud_cover", lookup_expr="lt")

    class Meta:
        model = Scene
        fields: list[str] = []


class Newest(CursorPagination):
    page_size = 20
    ordering = ("-datetime", "-id")


class Scenes(GenericAPIView):
    """By POST: an outline of a thousand points fits into no address."""

    serializer_class = SceneSerializer
    pagination_class = Newest
    authentication_classes = StacView.authentication_classes
    permission_classes = StacView.permission_classes
    throttle_classes = StacView.throttle_classes
    scopes = StacView.scopes

    def get_queryset(self) -> Any:
        return Scene.objects.visible_to(self.request.user)

    def post(self, request: Request) -> Response:
        found = SceneFilter(request.data, queryset=self.get_queryset()).qs
        page = self.paginate_queryset(found)
        return Response(self.get_serializer(page, many=True).data)


class OneScene(RetrieveAPIView):
    serializer_class = SceneSerializer
    lookup_field = "item_id"
    authentication_classes = StacView.authentication_classes
    permission_classes = StacView.permission_classes
    throttle_classes = StacView.throttle_classes

    def get_queryset(self) -> Any:
        return Scene.objects.visible_to(self.request.user)


urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("scenes", login_not_required(Scenes.as_view())),
    path("scenes/<str:item_id>", login_not_required(OneScene.as_view())),
]
