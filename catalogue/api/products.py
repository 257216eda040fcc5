"""GET /products/{id}: what is known of a product, and where its files are."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import WithinScope
from catalogue.models import Product
from catalogue.serializers import ProductShown


class OneProduct(APIView):
    permission_classes = [AllowAny, WithinScope]

    @extend_schema(responses=ProductShown, operation_id="product")
    def get(self, request: Request, pk: int) -> Response:
        """One product. The description is open; the files need a signature of its licence."""
        rows = Product.objects.visible_to(request.user).select_related("scene", "licence")
        found = get_object_or_404(rows.prefetch_related("files", "identifiers"), pk=pk)
        return Response(ProductShown(found).data)
