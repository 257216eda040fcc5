"""GET /licences: what may be signed, by whom, and "may I give this to …?" answered for each licence."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from accounts.models import Licence, LicenceAnswer
from accounts.services.licences.licence_versions import in_force


class AnswerShown(serializers.ModelSerializer[LicenceAnswer]):
    """May it be handed to this receiver, and on what conditions."""

    to = serializers.CharField(source="receiver")
    to_label = serializers.CharField(source="get_receiver_display")
    answer = serializers.CharField(source="verdict")
    answer_label = serializers.CharField(source="get_verdict_display")

    class Meta:
        model = LicenceAnswer
        fields = ("to", "to_label", "answer", "answer_label", "sentence")


class LicenceShown(serializers.ModelSerializer[Licence]):
    """One licence as it is in force."""

    version = serializers.SerializerMethodField()
    may_give = AnswerShown(source="answers", many=True)

    class Meta:
        model = Licence
        fields = ("code", "name", "signer", "scope", "credit", "grace_days", "version", "may_give")

    def get_version(self, licence: Licence) -> str:
        return in_force(licence.code).name


class Licences(APIView):
    permission_classes = [AllowAny, WithinScope]

    @extend_schema(responses=LicenceShown(many=True), operation_id="licences")
    def get(self, request: Request) -> Response:
        """Every licence, its version in force, and to whom its products may be handed."""
        rows = Licence.objects.prefetch_related("answers")
        return Response(LicenceShown(rows, many=True).data)
