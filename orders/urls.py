"""Paths of what is asked."""

from django.urls import include, path

from orders.views import following, ordering

urlpatterns = [
    path("api/v1/", include("orders.api.urls")),
    path("orders/", following.orders, name="orders"),
    path("orders/new", ordering.produce, name="order_new"),
    path("orders/tasking", ordering.task, name="tasking_new"),
    path("orders/quotes/<uuid:key>/", ordering.quote, name="quote"),
    path("orders/images/<int:pk>/quicklook", following.picture, name="acquisition_quicklook"),
    path("orders/images/<int:pk>/<slug:name>", following.answer, name="acquisition_answer"),
    path("orders/<str:reference>/", following.order, name="order"),
    path(
        "orders/<str:reference>/lines/<int:number>/<slug:name>", following.step, name="line_step"
    ),
]
