import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import orders.suppliers.protocol


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_delegations"),
        ("catalogue", "0006_stated_uses"),
        ("orders", "0029_calendar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Difference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("missing", "Missing there"),
                            ("unknown", "Unknown here"),
                            ("twice", "There twice"),
                            ("state", "Another state"),
                            ("price", "Another price"),
                        ],
                        max_length=10,
                        verbose_name="what differs",
                    ),
                ),
                (
                    "reference",
                    models.CharField(blank=True, max_length=40, verbose_name="our reference"),
                ),
                (
                    "their_reference",
                    models.CharField(blank=True, max_length=120, verbose_name="their reference"),
                ),
                ("ours", models.CharField(blank=True, max_length=120, verbose_name="here")),
                ("theirs", models.CharField(blank=True, max_length=120, verbose_name="there")),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "ordering": ["what", "reference", "their_reference"],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by_part",
                    models.CharField(blank=True, max_length=40, verbose_name="part of the system"),
                ),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("ours", models.PositiveIntegerField(default=0, verbose_name="our orders")),
                ("theirs", models.PositiveIntegerField(default=0, verbose_name="their orders")),
                (
                    "failed",
                    models.TextField(blank=True, max_length=1000, verbose_name="why it stopped"),
                ),
            ],
            options={
                "verbose_name": "reconciliation",
                "verbose_name_plural": "reconciliations",
                "ordering": ["-began_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True, verbose_name="key")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("desk", "by hand, at the desk"),
                            ("stapi", "STAPI"),
                            ("oneatlas", "OneAtlas"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("base_url", models.URLField(blank=True, verbose_name="base address")),
                (
                    "credentials",
                    models.SlugField(
                        blank=True, max_length=40, verbose_name="credentials' name in the settings"
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True, max_length=254, verbose_name="address of its order desk"
                    ),
                ),
                (
                    "options",
                    models.JSONField(blank=True, default=dict, verbose_name="options of its kind"),
                ),
                ("is_active", models.BooleanField(default=False, verbose_name="active")),
                (
                    "is_experimental",
                    models.BooleanField(default=False, verbose_name="experimental"),
                ),
                (
                    "places_by_itself",
                    models.BooleanField(default=False, verbose_name="asked without an officer"),
                ),
                (
                    "preference",
                    models.PositiveSmallIntegerField(
                        default=50, verbose_name="order of preference"
                    ),
                ),
                (
                    "rate_per_second",
                    models.DecimalField(
                        decimal_places=2,
                        default=1,
                        max_digits=6,
                        verbose_name="calls a second at most",
                    ),
                ),
                (
                    "poll_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="minutes between two polls"
                    ),
                ),
                (
                    "settle_seconds",
                    models.PositiveSmallIntegerField(default=60, verbose_name="seconds to settle"),
                ),
            ],
            options={
                "verbose_name": "supplier",
                "verbose_name_plural": "suppliers",
                "ordering": ["preference", "name"],
            },
        ),
        migrations.CreateModel(
            name="SupplierCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            (orders.suppliers.protocol.Verb["PLACE"], "Order"),
                            (orders.suppliers.protocol.Verb["DECIDE"], "Answer for an image"),
                            (orders.suppliers.protocol.Verb["CANCEL"], "Cancel"),
                        ],
                        max_length=10,
                        verbose_name="verb",
                    ),
                ),
                ("key", models.CharField(max_length=160, unique=True, verbose_name="key")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("sent", "Sent, no answer yet"),
                            ("doubtful", "Answer lost, to be looked up"),
                            ("done", "Done"),
                            ("refused", "Refused by the supplier"),
                            ("stuck", "Needs attention"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("claim", models.UUIDField(blank=True, null=True, verbose_name="claim")),
                (
                    "claimed_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="claimed until"),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_at", models.DateTimeField(verbose_name="not before")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
                (
                    "outcome",
                    models.TextField(blank=True, max_length=2000, verbose_name="what came of it"),
                ),
                (
                    "answer_digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="digest of the answer"
                    ),
                ),
            ],
            options={
                "verbose_name": "call to a supplier",
                "verbose_name_plural": "calls to suppliers",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("identifier", models.CharField(max_length=120, verbose_name="identifier")),
                ("is_signed", models.BooleanField(verbose_name="signed")),
                ("body", models.JSONField(default=dict, verbose_name="body")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "taken_in_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="taken in at"),
                ),
                (
                    "outcome",
                    models.CharField(blank=True, max_length=200, verbose_name="what came of it"),
                ),
            ],
            options={
                "verbose_name": "message of a supplier",
                "verbose_name_plural": "messages of suppliers",
                "ordering": ["-received_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(max_length=40, unique=True, verbose_name="our reference"),
                ),
                (
                    "their_reference",
                    models.CharField(blank=True, max_length=120, verbose_name="their reference"),
                ),
                ("asked", models.JSONField(default=dict, verbose_name="what was asked")),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            (orders.suppliers.protocol.Stage["STUDIED"], "Being studied"),
                            (orders.suppliers.protocol.Stage["CHOICE"], "Waits for an answer"),
                            (orders.suppliers.protocol.Stage["PLACED"], "Placed"),
                            (orders.suppliers.protocol.Stage["TASKING"], "Being attempted"),
                            (orders.suppliers.protocol.Stage["PROPOSED"], "Image proposed"),
                            (orders.suppliers.protocol.Stage["PRODUCING"], "In production"),
                            (orders.suppliers.protocol.Stage["PARTIAL"], "Delivered in part"),
                            (orders.suppliers.protocol.Stage["DELIVERED"], "Delivered"),
                            (orders.suppliers.protocol.Stage["EXPIRED"], "Expired"),
                            (orders.suppliers.protocol.Stage["REJECTED"], "Rejected"),
                            (orders.suppliers.protocol.Stage["CANCELLED"], "Cancelled"),
                            (orders.suppliers.protocol.Stage["FAILED"], "Failed"),
                        ],
                        max_length=12,
                        verbose_name="where it stands there",
                    ),
                ),
                (
                    "stage_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="stands there since"),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what they say of it"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=80, verbose_name="their code")),
                (
                    "price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="their price",
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, max_length=64, verbose_name="digest of the last report"
                    ),
                ),
                (
                    "trouble",
                    models.TextField(blank=True, max_length=2000, verbose_name="to be looked at"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "looked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="looked at"),
                ),
                (
                    "next_look_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="looked at next"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="over at")),
            ],
            options={
                "verbose_name": "order at a supplier",
                "verbose_name_plural": "orders at suppliers",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SupplierPulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lane_by", models.UUIDField(blank=True, null=True, verbose_name="worker's round")),
                (
                    "lane_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="lane taken until"),
                ),
                (
                    "next_call_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="next call not before"
                    ),
                ),
                (
                    "faults",
                    models.PositiveSmallIntegerField(default=0, verbose_name="faults in a row"),
                ),
                (
                    "open_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="no call before"),
                ),
                (
                    "banned_until",
                    models.DateTimeField(blank=True, null=True, verbose_name="banned until"),
                ),
                (
                    "last_success_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last answer"),
                ),
                (
                    "last_fault_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last fault"),
                ),
                ("last_fault", models.TextField(blank=True, verbose_name="what went wrong last")),
                (
                    "paused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="paused at"),
                ),
                (
                    "paused_reason",
                    models.TextField(blank=True, max_length=500, verbose_name="why it is paused"),
                ),
                (
                    "next_poll_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="next poll"),
                ),
                (
                    "cycle_since",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="cycle asks for changes since"
                    ),
                ),
                (
                    "cycle_began_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="cycle began at"),
                ),
                ("cycle_cursor", models.TextField(blank=True, verbose_name="page of the cycle")),
                (
                    "polled_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last whole cycle began at"
                    ),
                ),
            ],
            options={
                "ordering": ["supplier"],
                "verbose_name": "pulse of a supplier",
                "verbose_name_plural": "pulses of suppliers",
            },
        ),
        migrations.CreateModel(
            name="SupplierService",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                (
                    "product",
                    models.CharField(blank=True, max_length=80, verbose_name="its product"),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
            ],
            options={
                "verbose_name": "service of a supplier",
                "verbose_name_plural": "services of suppliers",
                "ordering": ["supplier", "service", "sensor", "starts_on"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="line",
            name="line_placed_was_accepted",
        ),
        migrations.RemoveConstraint(
            model_name="line",
            name="line_placed_has_its_order_number",
        ),
        migrations.AlterField(
            model_name="line",
            name="supply",
            field=models.CharField(
                choices=[
                    ("none", "Nothing asked yet"),
                    ("to_place", "To be placed"),
                    ("placing", "Being sent to the supplier"),
                    ("placed", "With the supplier"),
                    ("attempting", "Being attempted"),
                    ("proposed", "Image proposed"),
                    ("in_production", "In production"),
                    ("delivered", "Delivered"),
                    ("failed", "Failed"),
                    ("closed", "Window closed without an image"),
                    ("stopped", "Not needed any more"),
                ],
                default="none",
                max_length=15,
                verbose_name="supply",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "supply__in",
                            [
                                "placing",
                                "placed",
                                "attempting",
                                "proposed",
                                "in_production",
                                "delivered",
                            ],
                        ),
                        _negated=True,
                    ),
                    ("approval", "accepted"),
                    _connector="OR",
                ),
                name="line_placed_was_accepted",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("money", "due"),
                    (
                        "supply__in",
                        [
                            "placing",
                            "placed",
                            "attempting",
                            "proposed",
                            "in_production",
                            "delivered",
                        ],
                    ),
                    _negated=True,
                ),
                name="line_placed_has_its_order_number",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="by_link",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.mailedlink",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="by_user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="difference",
            name="reconciliation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="differences",
                to="orders.reconciliation",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("rate_per_second__gt", 0)), name="supplier_rate_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("poll_minutes__gte", 1)),
                name="supplier_polls_at_most_each_minute",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "oneatlas"), _negated=True),
                    ("rate_per_second__lt", 1),
                    _connector="OR",
                ),
                name="supplier_oneatlas_under_one_a_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "desk"), models.Q(("base_url", ""), _negated=True), _connector="OR"
                ),
                name="supplier_has_an_address",
            ),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reconciliations",
                to="orders.supplier",
            ),
        ),
        migrations.AddField(
            model_name="suppliercall",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="orders.supplier",
            ),
        ),
        migrations.AddField(
            model_name="suppliermessage",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="messages",
                to="orders.supplier",
            ),
        ),
        migrations.AddField(
            model_name="supplierorder",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplier_orders",
                to="orders.line",
            ),
        ),
        migrations.AddField(
            model_name="supplierorder",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="orders.supplier",
            ),
        ),
        migrations.AddField(
            model_name="suppliercall",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="orders.supplierorder",
            ),
        ),
        migrations.AddField(
            model_name="difference",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="orders.supplierorder",
            ),
        ),
        migrations.AddField(
            model_name="supplierpulse",
            name="supplier",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pulse",
                to="orders.supplier",
            ),
        ),
        migrations.AddField(
            model_name="supplierservice",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.sensor"
            ),
        ),
        migrations.AddField(
            model_name="supplierservice",
            name="supplier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="services",
                to="orders.supplier",
            ),
        ),
        migrations.AddConstraint(
            model_name="reconciliation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_link", None), ("by_part", ""), ("by_user__isnull", False)),
                    models.Q(("by_link__isnull", False), ("by_part", ""), ("by_user", None)),
                    models.Q(
                        models.Q(("by_link", None), ("by_user", None)),
                        models.Q(("by_part", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orders_reconciliation_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppliermessage",
            constraint=models.UniqueConstraint(
                fields=("supplier", "identifier"), name="supplier_message_once"
            ),
        ),
        migrations.AddIndex(
            model_name="supplierorder",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["supplier", "next_look_at"],
                name="supplier_order_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("line",),
                name="supplier_order_one_running_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("their_reference", ""), _negated=True),
                fields=("supplier", "their_reference"),
                name="supplier_order_their_reference_once",
            ),
        ),
        migrations.AddIndex(
            model_name="suppliercall",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "sent", "doubtful"])),
                fields=["supplier", "next_at"],
                name="supplier_call_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppliercall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent"), _negated=True),
                    ("sent_at__isnull", False),
                    _connector="OR",
                ),
                name="supplier_call_sent_has_its_hour",
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(("reference", ""), ("their_reference", ""), _negated=True),
                name="difference_names_an_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierservice",
            constraint=models.UniqueConstraint(
                fields=("supplier", "service", "sensor", "starts_on"), name="supplier_service_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplierservice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="supplier_service_ends_after_it_begins",
            ),
        ),
    ]
