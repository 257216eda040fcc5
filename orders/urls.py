"""Paths of what is asked."""

from django.urls import include, path

from orders.views import deliveries, desk, following, home, ordering, quota, trail, ways

urlpatterns = [
    path("", home.home, name="home"),
    path("ways", ways.ways, name="ways"),
    path("quota/left", ways.quota_left, name="quota_left"),
    path("quota/", quota.mine, name="quota"),
    path("quota/<int:pk>.csv", quota.mine_csv, name="quota_csv"),
    path("quota/budget/", quota.budget, name="quota_budget"),
    path("quota/budget/open/<slug:sensor>", quota.open_period, name="quota_open"),
    path("quota/budget/<int:pk>/", quota.period, name="quota_period"),
    path("quota/budget/<int:pk>.csv", quota.period_csv, name="quota_period_csv"),
    path("quota/budget/<int:pk>/<slug:what>", quota.change, name="quota_change"),
    path("organisation/trail/", trail.of_organisation, name="organisation_trail"),
    path("account/trail/", trail.mine, name="account_trail"),
    path(
        "desk/trail/organisations/<int:pk>/",
        trail.for_desk_organisation,
        name="desk_trail_organisation",
    ),
    path("desk/trail/people/<int:pk>/", trail.for_desk_person, name="desk_trail_person"),
    path("desk/", desk.front, name="desk"),
    path("desk/deliveries/", deliveries.deliveries, name="desk_deliveries"),
    path("desk/deliveries/<int:pk>/publish", deliveries.publish, name="delivery_publish"),
    path("desk/deliveries/<int:pk>/refuse", deliveries.refuse, name="delivery_refuse"),
    path("desk/mail/", desk.mail, name="desk_mail"),
    path("desk/lines/accept", desk.accept_many, name="desk_accept_many"),
    path("desk/lines/<slug:name>/", desk.queue, name="desk_lines"),
    path("desk/lines/<int:pk>/attempts", desk.plan, name="attempt_plan"),
    path("desk/attempts/<int:pk>/propose", desk.propose, name="attempt_propose"),
    path("desk/attempts/<int:pk>/<slug:name>", desk.record, name="attempt_record"),
    path("api/v1/", include("orders.api.urls")),
    path("orders/", following.orders, name="orders"),
    path("orders/new", ordering.produce, name="order_new"),
    path("orders/tasking", ordering.task, name="tasking_new"),
    path("orders/quotes/<uuid:key>/", ordering.quote, name="quote"),
    path("orders/images/<int:pk>/quicklook", following.picture, name="acquisition_quicklook"),
    path("orders/images/<int:pk>/<slug:name>", following.answer, name="acquisition_answer"),
    path("orders/<str:reference>/", following.order, name="order"),
    path("orders/<str:reference>/lines/<int:number>/<slug:name>", following.step, name="line_step"),
]
