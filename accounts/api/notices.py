"""/notices: what the person was told, as their programs read it."""

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import ApiKey, Notice
from accounts.services.notices import reading
from dinamis.actors import Actor

MOST = 100


class NoticeShown(serializers.ModelSerializer[Notice]):
    """One notice: `url` leads to the page of what it tells of, "" where there is none."""

    url = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ("id", "family", "title", "text", "url", "language", "made_at", "read_at")

    def get_url(self, notice: Notice) -> str:
        return f"{settings.SITE_URL}{notice.path}" if notice.path else ""


class Question(serializers.Serializer):
    """`before` is the `id` of the last one had: the next page begins after it."""

    unread = serializers.BooleanField(required=False, default=False)
    family = serializers.CharField(max_length=20, required=False, default="")
    before = serializers.IntegerField(min_value=1, required=False)
    limit = serializers.IntegerField(min_value=1, max_value=MOST, required=False, default=50)


class Page(serializers.Serializer):
    """Newest first; `next` is the address of the following page, null at the end."""

    notices = NoticeShown(many=True)
    unread = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)


class Marking(serializers.Serializer):
    """Which to mark as read: these `ids`, or all of one's own when it is left out."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=500, required=False
    )


class Marked(serializers.Serializer):
    marked = serializers.IntegerField()


class Notices(APIView):
    @extend_schema(
        parameters=[OpenApiParameter(name, kind) for name, kind in
                    (("unread", bool), ("family", str), ("before", int), ("limit", int))],
        responses=Page, operation_id="notices",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """What this person was told, newest first."""
        question = Question(data=request.query_params)
        question.is_valid(raise_exception=True)
        asked = question.validated_data
        rows = Notice.objects.visible_to(request.user).order_by("-pk")
        unread = reading.unread_count(request.user)
        if asked["unread"]:
            rows = rows.unread()
        if asked["family"]:
            rows = rows.filter(family=asked["family"])
        if "before" in asked:
            rows = rows.filter(pk__lt=asked["before"])
        found = list(rows[: asked["limit"] + 1])
        shown = found[: asked["limit"]]
        following = None
        if len(found) > len(shown):
            query = request.query_params.copy()
            query["before"] = str(shown[-1].pk)
            following = f"{settings.SITE_URL}{request.path}?{query.urlencode()}"
        page = {"notices": shown, "unread": unread, "next": following}
        return Response(Page(page).data)


class NoticesRead(APIView):
    scopes = {"POST": ApiKey.Scope.READ}

    @extend_schema(request=Marking, responses=Marked, operation_id="notices_read")
    def post(self, request: Request) -> Response:
        """Mark as read; twice is once, and others' are not touched."""
        marking = Marking(data=request.data)
        marking.is_valid(raise_exception=True)
        by = Actor.of(request.user)
        return Response({"marked": reading.mark(by=by, pks=marking.validated_data.get("ids"))})
