"""What the desk decides by program: it takes effect once the moment to undo it is over, as on the page."""

from drf_spectacular.utils import extend_schema
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.policies import check_is_desk
from dinamis.actors import Actor
from dinamis.idempotency import idempotent
from orders.api.orders import Private
from orders.models import Decision
from orders.serializers import DecisionShown
from orders.services.desk import deciding


class DecisionUndo(Private):
    @extend_schema(request=None, responses=DecisionShown, operation_id="decision_undo")
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Undo a decision of yours while nothing has happened; afterwards it is 410."""
        check_is_desk(request.user)
        found = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
        return Response(DecisionShown(deciding.undo(found, by=Actor.of(request.user))).data)
