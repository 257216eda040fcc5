"""Ledger, rules, orders and suppliers: the tables as they stood when the first versions were drawn together."""

import uuid
from decimal import Decimal
from pathlib import Path

import django.contrib.gis.db.models.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import orders.suppliers.protocol

TRIGGERS = Path(__file__).with_name("ledger.sql").read_text(encoding="utf-8")
NO_TRIGGERS = """
DROP TRIGGER movement_moves ON orders_movement;
DROP TRIGGER movement_is_right ON orders_movement;
DROP TRIGGER account_opens ON orders_account;
DROP FUNCTION ledger_movement_moves, ledger_movement_is_right, ledger_is_route, ledger_account_opens;
"""
SEQUENCES = ("orders_order_number", "orders_quote_number", "orders_project_number")


class Migration(migrations.Migration):
    # A database that has them all, as they were, is taken as it is.
    replaces = [
        ("orders", "0001_ledger"),
        ("orders", "0002_orders"),
        ("orders", "0003_deliveries"),
        ("orders", "0004_prices"),
        ("orders", "0005_prices_kept"),
        ("orders", "0006_prices_guarded"),
        ("orders", "0007_projects"),
        ("orders", "0008_approved_at_once"),
        ("orders", "0009_project_parts"),
        ("orders", "0010_waiting_list"),
        ("orders", "0011_modulations"),
        ("orders", "0012_project_reviews"),
        ("orders", "0013_quota_requests"),
        ("orders", "0014_quotes_under_projects"),
        ("orders", "0015_decisions"),
        ("orders", "0016_quota_years"),
        ("orders", "0017_reuse"),
        ("orders", "0018_project_reports"),
        ("orders", "0019_pools"),
        ("orders", "0020_quota_alerts"),
        ("orders", "0021_joint_requests"),
        ("orders", "0022_project_words"),
        ("orders", "0023_pending_weights"),
        ("orders", "0024_odds"),
        ("orders", "0025_arrivals"),
        ("orders", "0026_joint_placed"),
        ("orders", "0027_notices_kept"),
        ("orders", "0028_notices_moved"),
        ("orders", "0029_calendar"),
        ("orders", "0030_suppliers"),
        ("orders", "0031_questions_and_series"),
        ("orders", "0032_open_proposals_asked"),
        ("orders", "0033_standin_events"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0022_webhooks"),
        ("catalogue", "0001_squashed_0008_scene_loads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            [f"CREATE SEQUENCE {name}" for name in SEQUENCES],
            [f"DROP SEQUENCE {name}" for name in SEQUENCES],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("source", "put in by the State and contributors"),
                            ("budget", "budget"),
                            ("reserve", "reserve"),
                            ("common", "common share"),
                            ("allotment", "allotment"),
                            ("pool", "pool"),
                            ("held", "held"),
                            ("consumed", "consumed"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "owner_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "the scheme"),
                            ("category", "category"),
                            ("organisation", "organisation"),
                            ("project", "project"),
                            ("pool", "pool"),
                            ("line", "line"),
                        ],
                        default="",
                        max_length=12,
                        verbose_name="kind of owner",
                    ),
                ),
                (
                    "owner_key",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="owner"),
                ),
                (
                    "balance",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        editable=False,
                        max_digits=14,
                        verbose_name="balance",
                    ),
                ),
                (
                    "movements",
                    models.PositiveIntegerField(
                        db_default=0, editable=False, verbose_name="number of movements"
                    ),
                ),
                (
                    "moved_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last movement"),
                ),
                (
                    "seal",
                    models.BinaryField(
                        db_default=models.Value(b""), max_length=32, verbose_name="seal"
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["owner_kind", "owner_key"], name="account_by_owner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "source"), ("balance__gte", 0), _connector="OR"
                        ),
                        name="quota_not_overdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "source"), ("owner_kind__in", [""])),
                            models.Q(("kind", "budget"), ("owner_kind__in", [""])),
                            models.Q(("kind", "reserve"), ("owner_kind__in", [""])),
                            models.Q(("kind", "common"), ("owner_kind__in", ["category"])),
                            models.Q(
                                ("kind", "allotment"),
                                ("owner_kind__in", ["organisation", "project"]),
                            ),
                            models.Q(("kind", "pool"), ("owner_kind__in", ["pool"])),
                            models.Q(("kind", "held"), ("owner_kind__in", ["line"])),
                            models.Q(("kind", "consumed"), ("owner_kind__in", ["organisation"])),
                            _connector="OR",
                        ),
                        name="account_has_a_fitting_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("owner_key", ""), ("owner_kind", "")),
                            models.Q(
                                models.Q(("owner_kind", ""), _negated=True),
                                models.Q(("owner_key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="account_owner_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="calendar_feed",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("sealed", models.TextField()),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="made"),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ["user"],
            },
        ),
        migrations.CreateModel(
            name="InboxLook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=500, unique=True, verbose_name="inbox")),
                ("looked_at", models.DateTimeField(verbose_name="looked at")),
                ("things", models.PositiveIntegerField(default=0, verbose_name="things seen")),
                ("error", models.TextField(blank=True, verbose_name="trouble")),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="failing since"),
                ),
            ],
            options={
                "verbose_name": "look at the inbox",
                "verbose_name_plural": "looks at the inbox",
                "ordering": ["-looked_at"],
            },
        ),
        migrations.CreateModel(
            name="LateMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="late")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "mail of what is late",
                "verbose_name_plural": "mails of what is late",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="OrderPreference",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="order_preference",
                        serialize=False,
                        to="accounts.organisation",
                    ),
                ),
                (
                    "referent_approves",
                    models.BooleanField(
                        default=False, verbose_name="a referent approves each order"
                    ),
                ),
            ],
            options={
                "verbose_name": "preference for orders",
                "verbose_name_plural": "preferences for orders",
                "ordering": ["organisation"],
            },
        ),
        migrations.CreateModel(
            name="ReasonText",
            fields=[
                (
                    "code",
                    models.SlugField(
                        max_length=40, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("refuse", "Refuse"),
                            ("ask_to_complete", "Ask to complete"),
                            ("offer_part", "Offer a part"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("title_fr", models.CharField(max_length=120, verbose_name="title in French")),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                ("text_fr", models.TextField(max_length=1500, verbose_name="text in French")),
                ("text_en", models.TextField(max_length=1500, verbose_name="text in English")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_offered", models.BooleanField(default=True, verbose_name="offered in forms")),
            ],
            options={
                "verbose_name": "reason text",
                "verbose_name_plural": "reason texts",
                "ordering": ["step", "order", "code"],
            },
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="key"
                    ),
                ),
                (
                    "supplier",
                    models.CharField(blank=True, max_length=255, verbose_name="supplier's folder"),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("path", models.CharField(max_length=1000, verbose_name="where it lies")),
                (
                    "going_to",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="where it is moved to"
                    ),
                ),
                ("is_folder", models.BooleanField(default=False, verbose_name="a folder")),
                ("mark", models.CharField(max_length=64, verbose_name="mark")),
                ("mark_since", models.DateTimeField(verbose_name="unchanged since")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("files", models.PositiveIntegerField(verbose_name="files")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("arriving", "Arriving"),
                            ("taken", "Being fetched"),
                            ("handed_over", "Being worked on"),
                            ("done", "Done"),
                            ("refused", "Refused"),
                            ("gone", "Taken away by its sender"),
                        ],
                        default="arriving",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("error", models.TextField(blank=True, verbose_name="trouble met last")),
                ("seen_at", models.DateTimeField(auto_now_add=True, verbose_name="seen at")),
            ],
            options={
                "verbose_name": "arrival in the inbox",
                "verbose_name_plural": "arrivals in the inbox",
                "ordering": ["-seen_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "arriving")),
                        fields=("supplier", "name"),
                        name="arrival_arriving_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="arrival_refused_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArrivalFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="path inside the arrival"
                    ),
                ),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("stamp", models.CharField(max_length=200, verbose_name="tag")),
                ("is_fetched", models.BooleanField(default=False, verbose_name="fetched")),
                (
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="orders.arrival",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of an arrival",
                "verbose_name_plural": "files of an arrival",
                "ordering": ["arrival", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("arrival", "path"), name="arrival_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Closing",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("closed", "Closed"),
                            ("dropped", "Given up"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="figures")),
                (
                    "carried",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="carried over"
                    ),
                ),
                (
                    "expired",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="expired"),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "closed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "closing of a period",
                "verbose_name_plural": "closings of periods",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_closing_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="closing_done_has_an_instant",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosingEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("closed", "Closed"),
                            ("dropped", "Given up"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.closing",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a closing",
                "verbose_name_plural": "events of a closing",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_closingevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CloudClimate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("west", models.FloatField(verbose_name="west, in degrees")),
                ("south", models.FloatField(verbose_name="south, in degrees")),
                ("east", models.FloatField(verbose_name="east, in degrees")),
                ("north", models.FloatField(verbose_name="north, in degrees")),
                (
                    "months",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            validators=[django.core.validators.MaxValueValidator(100)]
                        ),
                        size=12,
                        verbose_name="mean cloud of the months, in %",
                    ),
                ),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                (
                    "is_assumed",
                    models.BooleanField(default=True, verbose_name="an assumption of ours"),
                ),
            ],
            options={
                "verbose_name": "cloud climate",
                "verbose_name_plural": "cloud climates",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("south__lt", models.F("north")), ("west__lt", models.F("east"))
                        ),
                        name="cloud_climate_is_a_box",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("months__len", 12)), name="cloud_climate_has_12_months"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "code",
                    models.SlugField(
                        max_length=30, primary_key=True, serialize=False, verbose_name="code"
                    ),
                ),
                (
                    "track",
                    models.CharField(
                        blank=True,
                        choices=[("dinamis", "DINAMIS"), ("cofunded", "CNES co-funding (ISIS)")],
                        max_length=10,
                        verbose_name="track, or empty for all",
                    ),
                ),
                ("name_fr", models.CharField(max_length=200, verbose_name="question in French")),
                ("name_en", models.CharField(max_length=200, verbose_name="question in English")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_asked", models.BooleanField(default=True, verbose_name="asked")),
            ],
            options={
                "verbose_name": "criterion",
                "verbose_name_plural": "criteria",
                "ordering": ["order", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("weight__gt", 0)), name="criterion_has_a_weight"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("accept", "Accept"),
                            ("offer_part", "Offer a part"),
                            ("ask_to_complete", "Ask to complete"),
                            ("refuse", "Refuse"),
                        ],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("batch", models.UUIDField(default=uuid.uuid4, verbose_name="decided together")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Takes effect in a moment"),
                            ("taken", "Taken"),
                            ("undone", "Undone"),
                            ("overtaken", "Overtaken"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("takes_effect_at", models.DateTimeField(verbose_name="takes effect at")),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                (
                    "obstacle",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="why it could not be taken"
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["takes_effect_at"],
                        name="decision_due",
                    ),
                    models.Index(fields=["batch"], name="decision_batch"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_decision_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("takes_effect_at__gte", models.F("made_at"))),
                        name="decision_takes_effect_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "pending")),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_settled_has_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "taken"), _negated=True),
                            ("settled_at__gte", models.F("takes_effect_at")),
                            _connector="OR",
                        ),
                        name="decision_taken_not_too_early",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verb", "accept"),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DecisionEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("pending", "Takes effect in a moment"),
                            ("taken", "Taken"),
                            ("undone", "Undone"),
                            ("overtaken", "Overtaken"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.decision",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a decision",
                "verbose_name_plural": "events of a decision",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_decisionevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("claimed_until", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="key"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("source", models.CharField(max_length=1000, verbose_name="where it lies")),
                ("is_staged", models.BooleanField(default=False, verbose_name="a copy of ours")),
                (
                    "asked",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="order named when handed in"
                    ),
                ),
                (
                    "licence",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="licence, if not the sensor's"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Handed in"),
                            ("stored", "Read and stored"),
                            ("waiting", "Waits at the desk"),
                            ("published", "Published"),
                            ("refused", "Refused"),
                        ],
                        default="received",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("notes", models.JSONField(blank=True, default=list, verbose_name="notes")),
                ("pictures", models.JSONField(blank=True, default=dict, verbose_name="pictures")),
                (
                    "without_pixels",
                    models.BooleanField(default=False, verbose_name="metadata only"),
                ),
                (
                    "is_read",
                    models.BooleanField(default=False, verbose_name="its list of files is known"),
                ),
                (
                    "received_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="handed in at"),
                ),
                (
                    "arrival",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="orders.arrival",
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "products",
                    models.ManyToManyField(
                        blank=True, related_name="deliveries", to="catalogue.product"
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "ordering": ["-received_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_delivery_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="delivery_refused_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=400, verbose_name="path")),
                ("role", models.CharField(max_length=20, verbose_name="role")),
                ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                ("product", models.CharField(blank=True, max_length=400, verbose_name="product")),
                (
                    "stated",
                    models.CharField(blank=True, max_length=160, verbose_name="checksum stated"),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                (
                    "storage_name",
                    models.CharField(blank=True, max_length=200, verbose_name="name in the store"),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="orders.delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a delivery",
                "verbose_name_plural": "files of a delivery",
                "ordering": ["delivery", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("delivery", "path"), name="delivery_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="JointRequest",
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
                    "mode",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                (
                    "units",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="counted together"
                    ),
                ),
                (
                    "units_per_try",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="counted by one try",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed to all of them"),
                            ("agreed", "Agreed by all"),
                            ("placed", "Placed as one"),
                            ("declined", "Not wanted by all"),
                            ("lapsed", "Not possible any more"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "joint request",
                "verbose_name_plural": "joint requests",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="JointPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "share",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="share"),
                ),
                (
                    "alone",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="counted alone"
                    ),
                ),
                ("agrees", models.BooleanField(null=True, verbose_name="agrees")),
                (
                    "joint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="orders.jointrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a joint request",
                "verbose_name_plural": "parts of a joint request",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("alone__gt", 0), ("share__gte", 0)),
                        name="joint_part_has_its_share",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JointEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "part",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.jointpart",
                    ),
                ),
                (
                    "joint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.jointrequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a joint request",
                "verbose_name_plural": "events of a joint request",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_jointevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
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
                    "kind",
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
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="area"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                ("whole_scene", models.BooleanField(default=False, verbose_name="the whole image")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        default="mono",
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "without",
                    models.JSONField(blank=True, default=list, verbose_name="without the products"),
                ),
                (
                    "options",
                    models.JSONField(blank=True, default=dict, verbose_name="product options"),
                ),
                (
                    "window_starts_on",
                    models.DateField(blank=True, null=True, verbose_name="window from"),
                ),
                (
                    "window_ends_on",
                    models.DateField(blank=True, null=True, verbose_name="window to"),
                ),
                (
                    "max_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cloud ceiling, in %"
                    ),
                ),
                (
                    "max_incidence",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="incidence ceiling, in degrees"
                    ),
                ),
                (
                    "accept_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="accepted by itself up to, in % of cloud",
                    ),
                ),
                (
                    "min_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="least base to height",
                    ),
                ),
                (
                    "max_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="most base to height",
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tries"),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "reference",
                    models.CharField(max_length=24, unique=True, verbose_name="reference"),
                ),
                (
                    "approval",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("lapsed", "Lapsed"),
                            ("waiting_quota", "Waiting for quota"),
                            ("awaiting_referent", "With the referent"),
                            ("submitted", "With the DINAMIS desk"),
                            ("to_complete", "To be completed"),
                            ("to_confirm", "To be confirmed"),
                            ("offered", "Offered in part"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("converted", "Replaced by an existing image"),
                        ],
                        default="draft",
                        max_length=20,
                        verbose_name="approval",
                    ),
                ),
                (
                    "supply",
                    models.CharField(
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
                (
                    "money",
                    models.CharField(
                        choices=[
                            ("none", "Nothing held"),
                            ("held", "Held on the quota"),
                            ("captured", "Counted on the quota"),
                            ("released", "Given back to the quota"),
                            ("due", "Order number awaited"),
                            ("ordered", "Ordered by the payer"),
                            ("invoiced", "Invoiced"),
                            ("paid", "Paid"),
                            ("void", "Not to be paid any more"),
                            ("to_refund", "To be refunded"),
                            ("refunded", "Refunded"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="money",
                    ),
                ),
                (
                    "queued_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="in the waiting list since"
                    ),
                ),
                ("asks", models.CharField(blank=True, max_length=12, verbose_name="asks")),
                (
                    "supplier_reference",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="supplier's reference"
                    ),
                ),
                (
                    "order_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="payer's order number"
                    ),
                ),
                ("payer", models.CharField(blank=True, max_length=200, verbose_name="payer")),
                (
                    "invoice_reference",
                    models.CharField(blank=True, max_length=60, verbose_name="invoice"),
                ),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="paid on")),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="catalogue.product",
                    ),
                ),
                (
                    "scene",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.scene",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "waits_on",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.account",
                        verbose_name="purse",
                    ),
                ),
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "ordering": ["order", "number"],
                "indexes": [
                    models.Index(fields=["approval", "supply", "state_since"], name="line_queue"),
                    models.Index(
                        condition=models.Q(("approval", "waiting_quota")),
                        fields=["waits_on", "queued_at", "id"],
                        name="line_waiting_list",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "tasking")),
                        fields=["window_ends_on"],
                        name="line_window_end",
                    ),
                    models.Index(
                        condition=models.Q(("supplier_reference", ""), _negated=True),
                        fields=["supplier_reference"],
                        name="line_supplier_reference",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "production"),
                                ("max_cloud", None),
                                ("max_incidence", None),
                                ("scene__isnull", False),
                                ("tries", None),
                                ("window_ends_on", None),
                                ("window_starts_on", None),
                            ),
                            models.Q(
                                ("kind", "tasking"),
                                ("max_cloud__lte", 100),
                                ("max_incidence__lte", 90),
                                ("scene", None),
                                ("tries__gte", 1),
                                ("window_ends_on__gt", models.F("window_starts_on")),
                                ("window_starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="line_is_of_one_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_km2__gt", 0)), name="line_area_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accept_cloud", None),
                            ("accept_cloud__lte", models.F("max_cloud")),
                            _connector="OR",
                        ),
                        name="line_asks_above_what_it_accepts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("max_bh", None), ("min_bh", None)),
                            models.Q(
                                ("max_bh__gte", models.F("min_bh")),
                                ("min_bh__gt", 0),
                                ("mode__in", ["stereo", "tri_stereo"]),
                            ),
                            _connector="OR",
                        ),
                        name="line_base_to_height_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("supply", "delivered"), _negated=True),
                            ("product__isnull", False),
                            _connector="OR",
                        ),
                        name="line_delivered_has_a_product",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approval__in", ["refused", "withdrawn", "converted", "lapsed"]),
                                ("supply__in", ["delivered", "failed", "closed", "stopped"]),
                                _connector="OR",
                            ),
                            ("money", "held"),
                            _negated=True,
                        ),
                        name="line_over_holds_nothing",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("money__in", ["ordered", "invoiced", "paid"]), _negated=True),
                            models.Q(
                                models.Q(("order_number", ""), _negated=True),
                                models.Q(("payer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="line_ordered_has_a_payer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("invoice_reference", ""), ("money", "invoiced"), _negated=True
                        ),
                        name="line_invoiced_has_an_invoice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("money", "paid"), _negated=True),
                            ("paid_on__isnull", False),
                            _connector="OR",
                        ),
                        name="line_paid_has_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approval", "waiting_quota"), _negated=True),
                            models.Q(("queued_at__isnull", False), ("waits_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="line_waiting_has_its_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_at", None),
                            ("due_at__gte", models.F("state_since")),
                            _connector="OR",
                        ),
                        name="line_due_after_it_began",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="jointpart",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joint_parts",
                to="orders.line",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="orders.line",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="orders.line",
            ),
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("planned_at", models.DateTimeField(verbose_name="planned for")),
                (
                    "units",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="counted"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("missed", "Not made"),
                            ("attempted", "Made"),
                            ("cloudy", "Too cloudy"),
                            ("proposed", "Proposed"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "cloud_cover",
                    models.FloatField(blank=True, null=True, verbose_name="cloud, in %"),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.platform",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="orders.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ["line", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "number"), name="attempt_number_once_a_line"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units__gte", 0)), name="attempt_units_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cloud_cover", None), ("cloud_cover__range", (0, 100)), _connector="OR"
                        ),
                        name="attempt_cloud_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Acquisition",
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
                    "identifier",
                    models.CharField(blank=True, max_length=100, verbose_name="identifier"),
                ),
                ("acquired_at", models.DateTimeField(verbose_name="acquired at")),
                ("cloud_cover", models.FloatField(verbose_name="cloud over the whole image, in %")),
                (
                    "cloud_over_area",
                    models.FloatField(
                        blank=True, null=True, verbose_name="cloud over the area, in %"
                    ),
                ),
                (
                    "incidence",
                    models.FloatField(blank=True, null=True, verbose_name="incidence, in degrees"),
                ),
                (
                    "footprint",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="footprint"
                    ),
                ),
                (
                    "covered_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area covered, in km²"
                    ),
                ),
                (
                    "quicklook",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="quicklook's name in the store"
                    ),
                ),
                (
                    "quicklook_corners",
                    models.JSONField(
                        blank=True, null=True, verbose_name="corners of the quicklook"
                    ),
                ),
                (
                    "silence",
                    models.CharField(
                        choices=[
                            ("accept", "it is accepted"),
                            ("refuse", "it is refused and tasking goes on"),
                        ],
                        max_length=10,
                        verbose_name="silence means",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "Accepted"),
                            ("refused", "Refused"),
                            ("taken_back", "Taken back"),
                            ("produced", "Produced"),
                            ("delivered", "Delivered"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "platform",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.platform",
                    ),
                ),
                (
                    "attempt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acquisition",
                        to="orders.attempt",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acquisitions",
                        to="orders.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed image",
                "verbose_name_plural": "proposed images",
                "ordering": ["-state_since", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("line",),
                        name="acquisition_one_open_proposal_a_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="acquisition_proposed_has_a_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cloud_cover__range", (0, 100))),
                        name="acquisition_cloud_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineEvent",
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
                (
                    "life",
                    models.CharField(
                        choices=[
                            ("approval", "approval"),
                            ("supply", "supply"),
                            ("money", "money"),
                            ("note", "note"),
                        ],
                        max_length=10,
                        verbose_name="life",
                    ),
                ),
                ("step", models.CharField(max_length=30, verbose_name="step")),
                ("source", models.CharField(blank=True, max_length=20, verbose_name="from")),
                ("target", models.CharField(blank=True, max_length=20, verbose_name="to")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a line",
                "verbose_name_plural": "events of a line",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_lineevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grant", "grant"),
                            ("transfer", "transfer"),
                            ("adjust", "adjustment"),
                            ("hold", "hold"),
                            ("capture", "capture"),
                            ("release", "release"),
                            ("expire", "expiry"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "taken",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=16,
                        verbose_name="received",
                    ),
                ),
                (
                    "given",
                    models.DecimalField(
                        decimal_places=2, default=Decimal("0"), max_digits=16, verbose_name="given"
                    ),
                ),
                ("count", models.PositiveIntegerField(verbose_name="movements")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="orders.account",
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone of an account",
                "verbose_name_plural": "milestones of accounts",
                "ordering": ["account", "at", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "at", "kind"), name="milestone_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Modulation",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                (
                    "aim",
                    models.CharField(
                        choices=[
                            ("budget", "the period's budget"),
                            ("allotments", "the allotments"),
                        ],
                        max_length=10,
                        verbose_name="what moves",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pro_rata", "pro rata: by the size of each"),
                            ("by_use", "by use: cuts by what is free, rises by what is used"),
                            ("floor", "floor: none cut below it, rises up to it"),
                        ],
                        max_length=10,
                        verbose_name="rule",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=6,
                        null=True,
                        verbose_name="share, in %",
                    ),
                ),
                (
                    "floor",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="floor"
                    ),
                ),
                (
                    "towards",
                    models.CharField(
                        choices=[("budget", "the budget"), ("reserve", "the reserve")],
                        default="budget",
                        max_length=10,
                        verbose_name="against",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("submission", models.CharField(max_length=80, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("applied", "Applied"),
                            ("dropped", "Given up"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("digest", models.CharField(max_length=64, verbose_name="figures")),
                (
                    "moved",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="moved"),
                ),
                ("count", models.PositiveIntegerField(verbose_name="accounts changed")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="applied at"),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "modulation",
                "verbose_name_plural": "modulations",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_modulation_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("share", None),
                                ("amount__isnull", False),
                                models.Q(("amount", 0), _negated=True),
                            ),
                            models.Q(
                                ("amount", None),
                                ("share__isnull", False),
                                models.Q(("share", 0), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="modulation_has_an_amount_or_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("aim", "budget"), ("rule", "")),
                            models.Q(("aim", "allotments"), models.Q(("rule", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="modulation_of_allotments_has_a_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("floor__gte", 0), ("rule", "floor")),
                            models.Q(models.Q(("rule", "floor"), _negated=True), ("floor", None)),
                            _connector="OR",
                        ),
                        name="modulation_floor_only_with_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state", "applied")),
                            models.Q(
                                models.Q(("state", "applied"), _negated=True), ("applied_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="modulation_applied_has_an_instant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="modulation_gives_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModulationEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("applied", "Applied"),
                            ("dropped", "Given up"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "modulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.modulation",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a modulation",
                "verbose_name_plural": "events of a modulation",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_modulationevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Movement",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("grant", "grant"),
                            ("transfer", "transfer"),
                            ("adjust", "adjustment"),
                            ("hold", "hold"),
                            ("capture", "capture"),
                            ("release", "release"),
                            ("expire", "expiry"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("deed", models.CharField(db_index=True, max_length=120, verbose_name="deed")),
                ("key", models.CharField(max_length=130, verbose_name="key")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "rule_version",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="version of the rules"
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="at",
                    ),
                ),
                (
                    "digest",
                    models.BinaryField(
                        db_default=models.Value(b""), max_length=32, verbose_name="digest"
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "from_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given",
                        to="orders.account",
                        verbose_name="from",
                    ),
                ),
                (
                    "hold",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="orders.movement",
                        verbose_name="hold it settles",
                    ),
                ),
                (
                    "to_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="orders.account",
                        verbose_name="to",
                    ),
                ),
            ],
            options={
                "verbose_name": "movement",
                "verbose_name_plural": "movements",
                "ordering": ["at", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["from_account", "at"], name="movement_given_by_account"),
                    models.Index(fields=["to_account", "at"], name="movement_taken_by_account"),
                    models.Index(
                        condition=models.Q(("hold__isnull", False)),
                        fields=["hold"],
                        name="movement_settling_a_hold",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_movement_has_one_actor",
                    ),
                    models.UniqueConstraint(fields=("key",), name="movement_booked_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "grant",
                                    "transfer",
                                    "adjust",
                                    "hold",
                                    "capture",
                                    "release",
                                    "expire",
                                ],
                            )
                        ),
                        name="movement_has_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="movement_has_an_amount"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_account", models.F("to_account")), _negated=True),
                        name="movement_goes_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hold__isnull", False), ("kind__in", ("capture", "release"))),
                            models.Q(
                                models.Q(("kind__in", ("capture", "release")), _negated=True),
                                ("hold__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="movement_names_its_hold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ("grant", "transfer", "adjust", "expire")),
                                _negated=True,
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="movement_gives_its_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OddsSetting",
            fields=[
                (
                    "sensor",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="catalogue.sensor",
                    ),
                ),
                ("height_km", models.FloatField(verbose_name="height of the orbit, in km")),
                ("turns_a_day", models.FloatField(verbose_name="turns around the Earth in a day")),
                (
                    "tried_share",
                    models.FloatField(verbose_name="share of usable passes that are tried"),
                ),
                (
                    "prior_weight",
                    models.FloatField(verbose_name="what the climate is worth, in attempts"),
                ),
                ("cloud_sharpness", models.FloatField(verbose_name="sharpness of the clouds")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
            ],
            options={
                "verbose_name": "setting of the odds",
                "verbose_name_plural": "settings of the odds",
                "ordering": ["sensor"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cloud_sharpness__gt", 0),
                            ("height_km__gt", 100),
                            ("prior_weight__gt", 0),
                            ("tried_share__gt", 0),
                            ("tried_share__lte", 1),
                            ("turns_a_day__gt", 0),
                        ),
                        name="odds_setting_is_usable",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "overlap_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="covered, in km²"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="offered at")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken at")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="orders.line",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "verbose_name": "offer of an existing image",
                "verbose_name_plural": "offers of existing images",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "product"), name="offer_once_a_line_and_product"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("purpose", models.TextField(max_length=4000, verbose_name="purpose")),
                (
                    "joins_requests",
                    models.BooleanField(default=True, verbose_name="open to joint requests"),
                ),
                ("submission", models.CharField(max_length=80, verbose_name="key of the form")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requester",
                    ),
                ),
            ],
            options={
                "verbose_name": "order",
                "verbose_name_plural": "orders",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["requester", "-made_at", "-id"], name="order_newest_of_requester"
                    ),
                    models.Index(
                        fields=["organisation", "-made_at"], name="order_newest_of_organisation"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("requester", "submission"), name="order_submitted_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="line",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="orders.order"
            ),
        ),
        migrations.CreateModel(
            name="DeskNote",
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
                ("text", models.TextField(max_length=2000, verbose_name="note")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_notes",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "verbose_name": "note of the desk",
                "verbose_name_plural": "notes of the desk",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_desknote_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
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
                ("label", models.CharField(max_length=20, verbose_name="name")),
                (
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="opened")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "period",
                "verbose_name_plural": "periods",
                "ordering": ["-starts_on", "sensor_id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_period_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="period_ends_after_it_starts",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("sensor", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="periods_never_overlap",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="modulation",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="modulations",
                to="orders.period",
                verbose_name="period",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="next_period",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.period",
                verbose_name="period that follows",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="orders.period",
                verbose_name="period",
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="period",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="orders.period",
                verbose_name="period",
            ),
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("aim", models.TextField(max_length=2000, verbose_name="aim")),
                (
                    "threshold",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="threshold"),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("share", "each draws up to what it put in"),
                            ("vote", "the members vote on each draw"),
                            ("keeper", "the keeper decides each draw"),
                        ],
                        max_length=10,
                        verbose_name="who may draw",
                    ),
                ),
                (
                    "vote_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="days to vote"),
                ),
                ("submission", models.CharField(max_length=80, verbose_name="key of the form")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Being pledged"),
                            ("reached", "Reached"),
                            ("fallen_short", "Not reached"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="open",
                        max_length=15,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "founder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pools_kept",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "pool",
                "verbose_name_plural": "pools",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("founder", "submission"), name="pool_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__gt", Decimal("0"))), name="pool_has_an_aim"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="pool_has_a_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vote_days__gte", 1), ("vote_days__lte", 60)),
                        name="pool_votes_within_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
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
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="pledged"),
                ),
                ("submission", models.CharField(max_length=80, verbose_name="key of the form")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "Held on the allotment"),
                            ("paid_in", "In the pool"),
                            ("released", "Given back"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="held",
                        max_length=15,
                        verbose_name="state",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="orders.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "pledge",
                "verbose_name_plural": "pledges",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "submission"), name="pledge_sent_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", Decimal("0"))),
                        name="pledge_has_an_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contribution",
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
                ("eur", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="euros")),
                ("attempts", models.PositiveIntegerField(verbose_name="attempts")),
                (
                    "rule_version",
                    models.CharField(max_length=60, verbose_name="version of the rules"),
                ),
                (
                    "order_number",
                    models.CharField(max_length=60, verbose_name="payer's order number"),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.period",
                        verbose_name="period",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contributions",
                        to="orders.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution",
                "verbose_name_plural": "contributions",
                "ordering": ["-at", "-pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_contribution_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "order_number"), name="contribution_once_an_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolDraw",
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
                    "units",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="asked"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "To be decided by the members"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=15,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="orders.line",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="orders.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "draw on a pool",
                "verbose_name_plural": "draws on pools",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "granted"])),
                        fields=("line",),
                        name="draw_one_pool_a_line",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolEvent",
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
                ("life", models.CharField(max_length=10, verbose_name="life")),
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="amount"
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.pooldraw",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.pool",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a pool",
                "verbose_name_plural": "events of a pool",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_poolevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolVote",
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
                ("agrees", models.BooleanField(verbose_name="agrees")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="orders.pooldraw",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "vote on a draw",
                "verbose_name_plural": "votes on a draw",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_poolvote_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        fields=("draw", "organisation"), name="vote_once_an_organisation"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Project",
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
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                (
                    "track",
                    models.CharField(
                        choices=[("dinamis", "DINAMIS"), ("cofunded", "CNES co-funding (ISIS)")],
                        default="dinamis",
                        max_length=10,
                        verbose_name="track",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "abstract",
                    models.TextField(blank=True, max_length=4000, verbose_name="abstract"),
                ),
                (
                    "objectives",
                    models.TextField(blank=True, max_length=4000, verbose_name="objectives"),
                ),
                ("method", models.TextField(blank=True, max_length=4000, verbose_name="method")),
                (
                    "expected",
                    models.TextField(blank=True, max_length=4000, verbose_name="expected results"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "joins_requests",
                    models.BooleanField(default=True, verbose_name="open to joint requests"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "With the DINAMIS desk"),
                            ("to_complete", "To be completed"),
                            ("in_review", "With the reviewers"),
                            ("reviewed", "Reviewed, to be decided"),
                            ("offered", "Offered in part"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
                            ("withdrawn", "Withdrawn"),
                            ("closed", "Closed"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted at"),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lead",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(
                        blank=True, related_name="projects", to="catalogue.theme"
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
                "ordering": ["-made_at", "-pk"],
                "indexes": [models.Index(fields=["state", "state_since"], name="project_queue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on", None),
                            ("ends_on", None),
                            ("ends_on__gt", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="project_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "withdrawn"]),
                            models.Q(
                                ("ends_on__isnull", False),
                                ("starts_on__isnull", False),
                                ("submitted_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="project_sent_has_its_dates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "closed"]), _negated=True),
                            ("approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="project_approved_has_an_instant",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="order",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="orders.project",
            ),
        ),
        migrations.CreateModel(
            name="ProjectArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="area"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a project",
                "verbose_name_plural": "areas of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("area_km2__gt", 0)), name="project_area_is_not_empty"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectEvent",
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
                ("step", models.CharField(max_length=30, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "With the DINAMIS desk"),
                            ("to_complete", "To be completed"),
                            ("in_review", "With the reviewers"),
                            ("reviewed", "Reviewed, to be decided"),
                            ("offered", "Offered in part"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
                            ("withdrawn", "Withdrawn"),
                            ("closed", "Closed"),
                        ],
                        max_length=12,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("submitted", "With the DINAMIS desk"),
                            ("to_complete", "To be completed"),
                            ("in_review", "With the reviewers"),
                            ("reviewed", "Reviewed, to be decided"),
                            ("offered", "Offered in part"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                            ("appealed", "Refused, and read again on appeal"),
                            ("dismissed", "Refused after appeal"),
                            ("withdrawn", "Withdrawn"),
                            ("closed", "Closed"),
                        ],
                        max_length=12,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=4000, verbose_name="reason")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a project",
                "verbose_name_plural": "events of a project",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_projectevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectPartner",
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
                    "body",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="organisation, if it is not a member",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="fr",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("co_lead", "co-leads the project"),
                            ("science", "scientific partner"),
                            ("field", "knows the field"),
                            ("user", "user of the results"),
                            ("funder", "funds the project"),
                            ("student", "student"),
                        ],
                        default="science",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("accepted", "Takes part"),
                            ("declined", "Does not take part"),
                            ("removed", "Removed"),
                        ],
                        default="invited",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="member organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partners",
                        to="orders.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "partner of a project",
                "verbose_name_plural": "partners of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "email"), name="project_partner_once_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation__isnull", False),
                            models.Q(("body", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="project_partner_has_a_body",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectReport",
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
                    "kind",
                    models.CharField(
                        choices=[("first", "after the first images"), ("final", "at the end")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("given", "Report received"),
                            ("waived", "Not asked any more"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=8000, verbose_name="report")),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "asked_again_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
                ),
                (
                    "escalated_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="desk told"),
                ),
                ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="given")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "report on a project",
                "verbose_name_plural": "reports on a project",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "kind"), name="project_report_once_a_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("given_at__isnull", False),
                                ("state", "given"),
                                models.Q(("text", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "given"), _negated=True), ("given_at", None)
                            ),
                            _connector="OR",
                        ),
                        name="project_report_given_has_its_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("body", models.CharField(max_length=200, verbose_name="organisation")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "French"), ("en", "English")],
                        default="fr",
                        max_length=5,
                        verbose_name="language",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("given", "Review given"),
                            ("declined", "Declined"),
                            ("silent", "No answer in time"),
                            ("withdrawn", "Not asked any more"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "advice",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approve", "approve"),
                            ("part", "approve in part"),
                            ("refuse", "refuse"),
                        ],
                        max_length=10,
                        verbose_name="advice",
                    ),
                ),
                (
                    "for_desk",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="words for the desk"
                    ),
                ),
                (
                    "for_lead",
                    models.TextField(
                        blank=True, max_length=4000, verbose_name="words for the lead"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="reminded"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a project",
                "verbose_name_plural": "reviews of a project",
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "email"), name="project_review_once_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state", "given"),
                                models.Q(("advice", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "given"), _negated=True), ("advice", "")),
                            _connector="OR",
                        ),
                        name="project_review_given_has_its_advice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectReviewEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "Asked"),
                            ("given", "Review given"),
                            ("declined", "Declined"),
                            ("silent", "No answer in time"),
                            ("withdrawn", "Not asked any more"),
                        ],
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("given", "Review given"),
                            ("declined", "Declined"),
                            ("silent", "No answer in time"),
                            ("withdrawn", "Not asked any more"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=4000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.projectreview",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a review",
                "verbose_name_plural": "events of a review",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_projectreviewevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectWish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                ("images", models.PositiveSmallIntegerField(verbose_name="number of images")),
                (
                    "km2",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="km² in all"),
                ),
                (
                    "offered",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="offered",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wishes",
                        to="orders.project",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "wish of a project",
                "verbose_name_plural": "wishes of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("images__gt", 0), ("km2__gt", 0)),
                        name="project_wish_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offered", None), ("offered__gte", 0), _connector="OR"),
                        name="project_wish_offer_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
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
                ("doi", models.CharField(max_length=220, verbose_name="DOI")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("added_at", models.DateTimeField(auto_now_add=True, verbose_name="added at")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="removed at"),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ["-year", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_publication_has_one_actor",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("project", "doi"),
                        name="publication_once_a_project",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1980), ("year__lte", 2200)),
                        name="publication_has_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposal", "Image proposed"),
                            ("feasibility", "Feasibility study"),
                            ("quotation", "Supplier's quotation"),
                            ("weather", "Weather notice"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "said",
                    models.TextField(blank=True, max_length=2000, verbose_name="what is asked"),
                ),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="facts")),
                ("options", models.JSONField(default=list, verbose_name="what may be answered")),
                ("silence", models.CharField(max_length=20, verbose_name="silence means")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waits for an answer"),
                            ("answered", "Answered"),
                            ("lapsed", "Not answered in time"),
                            ("taken_back", "Taken back"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=20, verbose_name="answer")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                (
                    "acquisition",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="question",
                        to="orders.acquisition",
                    ),
                ),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="orders.attempt",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="orders.line",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["due_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("line",),
                        name="question_one_open_a_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "open"), _negated=True),
                            ("due_at__isnull", False),
                            _connector="OR",
                        ),
                        name="question_open_has_a_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="question_answered_has_its_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acquisition__isnull", False), ("kind", "proposal")),
                            models.Q(
                                ("acquisition", None),
                                ("attempt__isnull", False),
                                ("kind", "weather"),
                            ),
                            models.Q(
                                ("acquisition", None), ("kind__in", ["feasibility", "quotation"])
                            ),
                            _connector="OR",
                        ),
                        name="question_is_about_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("answer", models.CharField(blank=True, max_length=20, verbose_name="answer")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a question",
                "verbose_name_plural": "events of a question",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_questionevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaRequest",
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
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="asked"),
                ),
                (
                    "granted",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="granted",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="reason")),
                ("submission", models.CharField(max_length=80, verbose_name="key of the form")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "With the DINAMIS desk"),
                            ("granted", "Granted"),
                            ("granted_in_part", "Granted in part"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota_requests",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.period",
                        verbose_name="period",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requester",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for more quota",
                "verbose_name_plural": "requests for more quota",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("requester", "submission"), name="quota_request_sent_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")),
                        fields=("organisation", "period"),
                        name="quota_request_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", Decimal("0"))),
                        name="quota_request_has_an_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("granted", models.F("amount")), ("state", "granted")),
                            models.Q(
                                ("granted__gt", Decimal("0")),
                                ("granted__lt", models.F("amount")),
                                ("state", "granted_in_part"),
                            ),
                            models.Q(
                                ("granted", None), ("state__in", ["asked", "refused", "withdrawn"])
                            ),
                            _connector="OR",
                        ),
                        name="quota_request_granted_as_it_says",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaRequestEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("asked", "With the DINAMIS desk"),
                            ("granted", "Granted"),
                            ("granted_in_part", "Granted in part"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.quotarequest",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a request for quota",
                "verbose_name_plural": "events of a request for quota",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_quotarequestevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
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
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="area"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                ("whole_scene", models.BooleanField(default=False, verbose_name="the whole image")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        default="mono",
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "without",
                    models.JSONField(blank=True, default=list, verbose_name="without the products"),
                ),
                (
                    "options",
                    models.JSONField(blank=True, default=dict, verbose_name="product options"),
                ),
                (
                    "window_starts_on",
                    models.DateField(blank=True, null=True, verbose_name="window from"),
                ),
                (
                    "window_ends_on",
                    models.DateField(blank=True, null=True, verbose_name="window to"),
                ),
                (
                    "max_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cloud ceiling, in %"
                    ),
                ),
                (
                    "max_incidence",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="incidence ceiling, in degrees"
                    ),
                ),
                (
                    "accept_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="accepted by itself up to, in % of cloud",
                    ),
                ),
                (
                    "min_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="least base to height",
                    ),
                ),
                (
                    "max_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="most base to height",
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tries"),
                ),
                (
                    "key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="key"
                    ),
                ),
                (
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("category", models.CharField(max_length=30, verbose_name="category")),
                (
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                (
                    "units",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="counted"),
                ),
                (
                    "least_units",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="counted at least"
                    ),
                ),
                ("factor", models.PositiveSmallIntegerField(verbose_name="factor of the mode")),
                (
                    "units_per_try",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="counted by one try",
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            ("free", "free, within the scheme's means; nothing is counted"),
                            ("quota", "free, counted on the quota"),
                            ("cofunded", "co-funded: the requester pays a part"),
                            ("preferential", "at the preferential rate"),
                            ("dsp", "at the rate of the public-service delegation"),
                            ("refused", "not offered"),
                        ],
                        max_length=15,
                        verbose_name="terms",
                    ),
                ),
                ("beyond", models.BooleanField(default=False, verbose_name="beyond the quota")),
                (
                    "quota_units",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="held on the quota"
                    ),
                ),
                (
                    "paid_units",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="paid"
                    ),
                ),
                (
                    "cofunded_eur",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        verbose_name="co-funded, in euros",
                    ),
                ),
                (
                    "asked_area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="area asked"
                    ),
                ),
                (
                    "asked_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="area asked, in km²",
                    ),
                ),
                (
                    "subtracted_km2",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=12,
                        verbose_name="subtracted, in km²",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("station", "inside the circle of the Montpellier station"),
                            ("france", "on French territory"),
                            ("elsewhere", "elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                (
                    "place_shares",
                    models.JSONField(blank=True, default=dict, verbose_name="shares of the places"),
                ),
                (
                    "price_eur",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="to pay, in euros"
                    ),
                ),
                ("explained", models.JSONField(default=list, verbose_name="explained")),
                ("purse", models.CharField(blank=True, max_length=120, verbose_name="purse")),
                (
                    "purse_before",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="quota before",
                    ),
                ),
                (
                    "available",
                    models.JSONField(
                        blank=True, default=list, verbose_name="products that exist already"
                    ),
                ),
                ("is_provisional", models.BooleanField(default=False, verbose_name="provisional")),
                (
                    "least_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="delay from, in days"
                    ),
                ),
                (
                    "most_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="delay to, in days"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("expires_at", models.DateTimeField(verbose_name="valid until")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="orders.project",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requester",
                    ),
                ),
                (
                    "scene",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.scene",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "quote",
                "verbose_name_plural": "quotes",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "production"),
                                ("max_cloud", None),
                                ("max_incidence", None),
                                ("scene__isnull", False),
                                ("tries", None),
                                ("window_ends_on", None),
                                ("window_starts_on", None),
                            ),
                            models.Q(
                                ("kind", "tasking"),
                                ("max_cloud__lte", 100),
                                ("max_incidence__lte", 90),
                                ("scene", None),
                                ("tries__gte", 1),
                                ("window_ends_on__gt", models.F("window_starts_on")),
                                ("window_starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="quote_is_of_one_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("area_km2__gt", 0)), name="quote_area_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accept_cloud", None),
                            ("accept_cloud__lte", models.F("max_cloud")),
                            _connector="OR",
                        ),
                        name="quote_asks_above_what_it_accepts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("max_bh", None), ("min_bh", None)),
                            models.Q(
                                ("max_bh__gte", models.F("min_bh")),
                                ("min_bh__gt", 0),
                                ("mode__in", ["stereo", "tri_stereo"]),
                            ),
                            _connector="OR",
                        ),
                        name="quote_base_to_height_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("units__gt", 0),
                            ("least_units__gt", 0),
                            ("units__gte", models.F("least_units")),
                        ),
                        name="quote_counts_at_least_its_minimum",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("paid_units", 0),
                                ("price_eur", 0),
                                ("terms__in", ["free", "quota"]),
                            ),
                            models.Q(
                                ("paid_units__gt", 0), ("price_eur__gte", 0), ("terms", "cofunded")
                            ),
                            models.Q(
                                ("paid_units__gt", 0),
                                ("price_eur__gt", 0),
                                ("terms__in", ["preferential", "dsp"]),
                            ),
                            _connector="OR",
                        ),
                        name="quote_is_free_or_paid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quota_units", 0), ("terms", "free")),
                            models.Q(
                                models.Q(("terms", "free"), _negated=True),
                                ("quota_units__gte", 0),
                                (
                                    "units",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("quota_units"), "+", models.F("paid_units")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="quote_shares_make_the_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cofunded_eur__gte", 0)),
                        name="quote_cofunding_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="quote_expires_later",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="line",
            name="proposed_quote",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proposed_for",
                to="orders.quote",
            ),
        ),
        migrations.AddField(
            model_name="line",
            name="quote",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="line", to="orders.quote"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="quote",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.quote",
            ),
        ),
        migrations.CreateModel(
            name="Reuse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("instead", "used instead of ordering"),
                            ("converted", "taken while the request waited"),
                            ("subtracted", "subtracted from the request"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="existing, in km²"
                    ),
                ),
                (
                    "units",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="not counted"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reuses",
                        to="orders.line",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reuses",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reuses",
                        to="catalogue.product",
                    ),
                ),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reuses",
                        to="orders.quote",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "image used again",
                "verbose_name_plural": "images used again",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["at"], name="reuse_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("quote", "kind"), name="reuse_once_a_quote_and_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("km2__gte", Decimal("0")), ("units__gte", Decimal("0"))
                        ),
                        name="reuse_saves_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.PositiveSmallIntegerField(verbose_name="score")),
                ("weight", models.PositiveSmallIntegerField(verbose_name="weight")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.criterion",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="orders.projectreview",
                    ),
                ),
            ],
            options={
                "verbose_name": "score of a review",
                "verbose_name_plural": "scores of a review",
                "ordering": ["review", "criterion"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "criterion"), name="review_scores_a_criterion_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gte", 1), ("value__lte", 5)),
                        name="review_score_in_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleVersion",
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
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("effective_from", models.DateField(verbose_name="in force from")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("dropped", "Given up"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "quote_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="days a quote is valid"
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of the rules",
                "verbose_name_plural": "versions of the rules",
                "ordering": ["-effective_from", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_ruleversion_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quote_days__gt", 0)), name="rule_quote_days_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", False), ("state", "approved")),
                            models.Q(
                                models.Q(("state", "approved"), _negated=True),
                                ("approved_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="rule_approved_has_an_instant",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="quote",
            name="rule_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotes",
                to="orders.ruleversion",
            ),
        ),
        migrations.CreateModel(
            name="PurseOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                (
                    "purse",
                    models.CharField(
                        choices=[
                            ("project", "the project's allotment"),
                            ("organisation", "the organisation's allotment"),
                            ("common", "the common share of the category"),
                        ],
                        max_length=15,
                        verbose_name="purse",
                    ),
                ),
                (
                    "else_next",
                    models.BooleanField(default=False, verbose_name="too small: try the next"),
                ),
                (
                    "may_overtake",
                    models.BooleanField(
                        default=False, verbose_name="waiting list: smaller ones may go first"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "order of purses",
                "verbose_name_plural": "orders of purses",
                "ordering": ["version", "rank"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "rank"), name="purse_rank_once_a_version"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "purse"), name="purse_once_a_version"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("public_body", "French public body or local authority"),
                            ("research", "French research or higher-education body"),
                            ("association", "Association with a public-interest mission"),
                            ("contractor", "French company working for a public body"),
                            ("private_rd", "French company, for its own research and development"),
                            ("european_scientist", "European scientific body, outside France"),
                            ("foreign_scientist", "Scientific body outside Europe"),
                        ],
                        max_length=30,
                        verbose_name="category",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("station", "inside the circle of the Montpellier station"),
                            ("france", "on French territory"),
                            ("elsewhere", "elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        choices=[("within", "within the quota"), ("beyond", "beyond the quota")],
                        max_length=10,
                        verbose_name="quota",
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            ("free", "free, within the scheme's means; nothing is counted"),
                            ("quota", "free, counted on the quota"),
                            ("cofunded", "co-funded: the requester pays a part"),
                            ("preferential", "at the preferential rate"),
                            ("dsp", "at the rate of the public-service delegation"),
                            ("refused", "not offered"),
                        ],
                        max_length=15,
                        verbose_name="terms",
                    ),
                ),
                (
                    "eur_per_unit",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="euros per km² or attempt",
                    ),
                ),
                (
                    "cofunder_eur_per_unit",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=10,
                        verbose_name="co-funder's euros per km² or attempt",
                    ),
                ),
                (
                    "is_assumed",
                    models.BooleanField(default=False, verbose_name="not in the sources"),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "ordering": [
                    "version",
                    "sensor",
                    "kind",
                    "category",
                    "reach",
                    "place",
                    "mode",
                    "pk",
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "category", "sensor", "kind", "place", "mode", "reach"),
                        name="price_once_a_version",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("eur_per_unit__gt", Decimal("0")),
                                ("terms__in", ["preferential", "dsp"]),
                            ),
                            models.Q(("eur_per_unit__gte", Decimal("0")), ("terms", "cofunded")),
                            models.Q(
                                ("eur_per_unit", Decimal("0")),
                                ("terms__in", ["free", "quota", "refused"]),
                            ),
                            _connector="OR",
                        ),
                        name="price_only_where_one_pays",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cofunder_eur_per_unit__gte", Decimal("0")), ("terms", "cofunded")
                            ),
                            ("cofunder_eur_per_unit", Decimal("0")),
                            _connector="OR",
                        ),
                        name="price_cofunder_only_where_cofunded",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("station", "inside the circle of the Montpellier station"),
                            ("france", "on French territory"),
                            ("elsewhere", "elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="place",
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rank")),
                (
                    "centre_lon",
                    models.FloatField(
                        blank=True, null=True, verbose_name="centre, longitude in degrees"
                    ),
                ),
                (
                    "centre_lat",
                    models.FloatField(
                        blank=True, null=True, verbose_name="centre, latitude in degrees"
                    ),
                ),
                (
                    "radius_km",
                    models.FloatField(blank=True, null=True, verbose_name="radius, in km"),
                ),
                (
                    "geometry",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        blank=True, null=True, srid=4326, verbose_name="outline"
                    ),
                ),
                ("is_approximate", models.BooleanField(default=True, verbose_name="approximate")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["version", "rank"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "place"), name="place_once_a_version"
                    ),
                    models.UniqueConstraint(
                        fields=("version", "rank"), name="place_rank_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("centre_lat", None), ("centre_lon", None), ("radius_km", None)
                            ),
                            models.Q(
                                ("centre_lat__gte", -90),
                                ("centre_lat__lte", 90),
                                ("centre_lon__gte", -180),
                                ("centre_lon__lte", 180),
                                ("radius_km__gt", 0),
                                ("radius_km__lte", 5000),
                            ),
                            _connector="OR",
                        ),
                        name="place_circle_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place", "elsewhere"), _negated=True),
                        name="place_elsewhere_is_the_rest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingWeight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("quote", "open quotes"),
                            ("draft", "drafts"),
                            ("waiting", "on the waiting list"),
                        ],
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(verbose_name="reckoned with, in %")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "weight of what is pending",
                "verbose_name_plural": "weights of what is pending",
                "ordering": ["version", "stage"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "stage"), name="pending_weight_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="pending_weight_is_a_share"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Multiplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                ("factor", models.PositiveSmallIntegerField(verbose_name="factor")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "multiplier",
                "verbose_name_plural": "multipliers",
                "ordering": ["version", "factor"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "mode"), name="multiplier_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("factor__gt", 0)), name="multiplier_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinimumArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "kind",
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
                    "km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="minimum, in km²"
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "minimum area",
                "verbose_name_plural": "minimum areas",
                "ordering": ["version", "sensor", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "kind"), name="minimum_area_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("km2__gte", Decimal("0"))),
                        name="minimum_area_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LicenceRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("before_order", models.BooleanField(verbose_name="signed before ordering")),
                (
                    "licence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.licence",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "licence asked",
                "verbose_name_plural": "licences asked",
                "ordering": ["version", "sensor"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor"), name="licence_rule_once_a_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_approved", models.BooleanField(verbose_name="approved at once")),
                ("answers", models.JSONField(verbose_name="answers")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="orders.line",
                    ),
                ),
                (
                    "rule_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "judgement by the rules",
                "verbose_name_plural": "judgements by the rules",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["line", "-id"], name="judgement_newest_of_line")],
            },
        ),
        migrations.CreateModel(
            name="Delay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                ("least_days", models.PositiveSmallIntegerField(verbose_name="at least, in days")),
                ("most_days", models.PositiveSmallIntegerField(verbose_name="at most, in days")),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "usual delay",
                "verbose_name_plural": "usual delays",
                "ordering": ["version", "sensor", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "kind"), name="delay_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_days__gte", models.F("least_days"))),
                        name="delay_is_a_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContributorOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("eur", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="euros")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(verbose_name="scene-equivalent attempts"),
                ),
                (
                    "about_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=0,
                        max_digits=12,
                        null=True,
                        verbose_name="about, in km²",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "contributor's offer",
                "verbose_name_plural": "contributors' offers",
                "ordering": ["version", "sensor", "eur"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "eur"), name="contributor_offer_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__gt", 0), ("eur__gt", Decimal("0"))),
                        name="contributor_offer_positive",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Ceiling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("order", "in one order"),
                            ("person", "of one person, in a year"),
                            ("organisation", "of one organisation, in a year"),
                        ],
                        max_length=15,
                        verbose_name="counted",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("public_body", "French public body or local authority"),
                            ("research", "French research or higher-education body"),
                            ("association", "Association with a public-interest mission"),
                            ("contractor", "French company working for a public body"),
                            ("private_rd", "French company, for its own research and development"),
                            ("european_scientist", "European scientific body, outside France"),
                            ("foreign_scientist", "Scientific body outside Europe"),
                        ],
                        max_length=30,
                        verbose_name="category",
                    ),
                ),
                (
                    "most",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="at most, in its unit"
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "ceiling",
                "verbose_name_plural": "ceilings",
                "ordering": ["version", "sensor", "scope", "category"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "scope", "sensor", "category"),
                        name="ceiling_once_a_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most__gt", Decimal("0"))), name="ceiling_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CarryRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "account_kind",
                    models.CharField(
                        choices=[
                            ("budget", "budget"),
                            ("reserve", "reserve"),
                            ("common", "common share"),
                            ("allotment", "allotment"),
                            ("pool", "pool"),
                        ],
                        max_length=10,
                        verbose_name="kind of account",
                    ),
                ),
                (
                    "up_to_percent",
                    models.PositiveSmallIntegerField(
                        verbose_name="carried over, up to % of its size"
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "carry-over",
                "verbose_name_plural": "carry-overs",
                "ordering": ["version", "sensor", "account_kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "account_kind"), name="carry_rule_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("up_to_percent__lte", 100)),
                        name="carry_rule_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApprovalRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("public_body", "French public body or local authority"),
                            ("research", "French research or higher-education body"),
                            ("association", "Association with a public-interest mission"),
                            ("contractor", "French company working for a public body"),
                            ("private_rd", "French company, for its own research and development"),
                            ("european_scientist", "European scientific body, outside France"),
                            ("foreign_scientist", "Scientific body outside Europe"),
                        ],
                        max_length=30,
                        verbose_name="category",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                (
                    "most_units",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="at most, in km² or attempts"
                    ),
                ),
                (
                    "most_similar",
                    models.DecimalField(
                        decimal_places=1,
                        default=Decimal("0"),
                        max_digits=4,
                        verbose_name="already with members at most, in %",
                    ),
                ),
                (
                    "needs_project",
                    models.BooleanField(
                        default=False, verbose_name="only within an approved project"
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "approved at once",
                "verbose_name_plural": "approved at once",
                "ordering": ["version", "sensor", "kind", "category", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "category", "sensor", "kind"),
                        name="approval_once_a_version",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most_units__gt", Decimal("0"))),
                        name="approval_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most_similar__gte", Decimal("0")),
                            ("most_similar__lte", Decimal("100")),
                        ),
                        name="approval_similar_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "account_kind",
                    models.CharField(
                        choices=[
                            ("budget", "budget"),
                            ("reserve", "reserve"),
                            ("common", "common share"),
                            ("allotment", "allotment"),
                            ("pool", "pool"),
                        ],
                        max_length=10,
                        verbose_name="kind of account",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(verbose_name="told at, in % used")),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "alert level",
                "verbose_name_plural": "alert levels",
                "ordering": ["version", "sensor", "account_kind", "percent"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "account_kind", "percent"),
                        name="alert_level_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("percent__gte", 1), ("percent__lte", 100)),
                        name="alert_level_is_a_share",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleVersionEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("dropped", "Given up"),
                        ],
                        max_length=10,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a version",
                "verbose_name_plural": "events of a version",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_ruleversionevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SecondPersonRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "alone_up_to",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        verbose_name="one administrator alone, up to",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "modulation by one person",
                "verbose_name_plural": "modulations by one person",
                "ordering": ["version", "sensor"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor"), name="second_person_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("alone_up_to__gte", Decimal("0"))),
                        name="alone_up_to_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Series",
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
                    "reference",
                    models.CharField(max_length=20, unique=True, verbose_name="reference"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("purpose", models.TextField(max_length=4000, verbose_name="what it is for")),
                (
                    "area",
                    django.contrib.gis.db.models.fields.MultiPolygonField(
                        srid=4326, verbose_name="area"
                    ),
                ),
                (
                    "area_km2",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="area, in km²"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("mono", "single image"),
                            ("stereo", "stereo pair"),
                            ("tri_stereo", "stereo triplet"),
                        ],
                        default="mono",
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "options",
                    models.JSONField(blank=True, default=dict, verbose_name="product options"),
                ),
                (
                    "max_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="cloud ceiling, in %"
                    ),
                ),
                (
                    "accept_cloud",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        verbose_name="accepted by itself up to, in % of cloud",
                    ),
                ),
                (
                    "max_incidence",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="incidence ceiling, in degrees"
                    ),
                ),
                (
                    "min_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="least base to height",
                    ),
                ),
                (
                    "max_bh",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=3,
                        null=True,
                        verbose_name="most base to height",
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="tries"),
                ),
                ("submission", models.CharField(max_length=80, verbose_name="form")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("paused", "Paused"), ("ended", "Ended")],
                        default="running",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="orders.project",
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="requester",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme of taskings",
                "verbose_name_plural": "programmes of taskings",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("requester", "submission"), name="series_once_a_form"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state_since", models.DateTimeField(verbose_name="in this state since")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="expected by")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("starts_on", models.DateField(verbose_name="window from")),
                ("ends_on", models.DateField(verbose_name="window to")),
                (
                    "refusal",
                    models.CharField(blank=True, max_length=500, verbose_name="refused because"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "To come"),
                            ("told", "Announced"),
                            ("asked", "Asked"),
                            ("skipped", "Left out"),
                            ("missed", "Not asked"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "line",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrence",
                        to="orders.line",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="occurrences",
                        to="orders.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "time of a programme",
                "verbose_name_plural": "times of a programme",
                "ordering": ["series", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["planned", "told"])),
                        fields=["starts_on"],
                        name="occurrence_to_come",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("series", "number"), name="occurrence_once_a_series"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                        name="occurrence_never_a_single_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line__isnull", False), ("state", "asked")),
                            models.Q(models.Q(("state", "asked"), _negated=True), ("line", None)),
                            _connector="OR",
                        ),
                        name="occurrence_asked_has_its_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeriesEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "occurrence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.occurrence",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a programme",
                "verbose_name_plural": "events of a programme",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_seriesevent_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Standin",
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
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("at", models.DateTimeField(verbose_name="named at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standins",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="away",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answers meanwhile",
                    ),
                ),
            ],
            options={
                "verbose_name": "stand-in",
                "verbose_name_plural": "stand-ins",
                "ordering": ["starts_on", "pk"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["receiver", "ends_on"], name="standin_of_receiver")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_standin_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="standin_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("receiver")), _negated=True),
                        name="standin_is_another_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StandinEvent",
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
                ("step", models.CharField(max_length=10, verbose_name="step")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "standin",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.standin",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a stand-in",
                "verbose_name_plural": "events of a stand-in",
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_standinevent_has_one_actor",
                    )
                ],
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rate_per_second__gt", 0)),
                        name="supplier_rate_positive",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("poll_minutes__gte", 1)),
                        name="supplier_polls_at_most_each_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "oneatlas"), _negated=True),
                            ("rate_per_second__lt", 1),
                            _connector="OR",
                        ),
                        name="supplier_oneatlas_under_one_a_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "desk"),
                            models.Q(("base_url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="supplier_has_an_address",
                    ),
                ],
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
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reconciliations",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "reconciliation",
                "verbose_name_plural": "reconciliations",
                "ordering": ["-began_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_reconciliation_has_one_actor",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierEvent",
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
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("pause", "paused"),
                            ("resume", "resumed"),
                            ("poll", "all orders looked at"),
                            ("look", "one order looked at"),
                            ("replay", "call tried again"),
                            ("drop", "call dropped"),
                        ],
                        max_length=10,
                        verbose_name="act",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=160, verbose_name="about")),
                ("reason", models.TextField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "event of a supplier",
                "verbose_name_plural": "events of suppliers",
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_supplierevent_has_one_actor",
                    )
                ],
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
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "message of a supplier",
                "verbose_name_plural": "messages of suppliers",
                "ordering": ["-received_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "identifier"), name="supplier_message_once"
                    )
                ],
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
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplier_orders",
                        to="orders.line",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "order at a supplier",
                "verbose_name_plural": "orders at suppliers",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)),
                        fields=["supplier", "next_look_at"],
                        name="supplier_order_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("line",),
                        name="supplier_order_one_running_a_line",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("their_reference", ""), _negated=True),
                        fields=("supplier", "their_reference"),
                        name="supplier_order_their_reference_once",
                    ),
                ],
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
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="orders.supplier",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="orders.supplierorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "call to a supplier",
                "verbose_name_plural": "calls to suppliers",
                "ordering": ["-made_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sent", "doubtful"])),
                        fields=["supplier", "next_at"],
                        name="supplier_call_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="supplier_call_sent_has_its_hour",
                    )
                ],
            },
        ),
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
                (
                    "reconciliation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="orders.reconciliation",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="orders.supplierorder",
                    ),
                ),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
                "ordering": ["what", "reference", "their_reference"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reference", ""), ("their_reference", ""), _negated=True
                        ),
                        name="difference_names_an_order",
                    )
                ],
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
                (
                    "supplier",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pulse",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "pulse of a supplier",
                "verbose_name_plural": "pulses of suppliers",
                "ordering": ["supplier"],
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
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="services",
                        to="orders.supplier",
                    ),
                ),
            ],
            options={
                "verbose_name": "service of a supplier",
                "verbose_name_plural": "services of suppliers",
                "ordering": ["supplier", "service", "sensor", "starts_on"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("supplier", "service", "sensor", "starts_on"),
                        name="supplier_service_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="supplier_service_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("referent", "the referent's agreement"),
                            ("decide", "the desk's decision"),
                            ("place", "placing with the supplier"),
                        ],
                        max_length=10,
                        verbose_name="what is awaited",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(verbose_name="working days")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "target",
                "verbose_name_plural": "targets",
                "ordering": ["version", "stage", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "stage", "kind"), name="target_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 260)),
                        name="target_within_a_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskingDefault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="tries, when nothing is said"
                    ),
                ),
                (
                    "most_tries",
                    models.PositiveSmallIntegerField(default=10, verbose_name="most tries"),
                ),
                (
                    "least_window_days",
                    models.PositiveSmallIntegerField(verbose_name="shortest window, in days"),
                ),
                (
                    "most_window_days",
                    models.PositiveSmallIntegerField(verbose_name="longest window, in days"),
                ),
                (
                    "cloud",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="cloud ceiling, in %"
                    ),
                ),
                (
                    "incidence",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="incidence ceiling, in degrees"
                    ),
                ),
                (
                    "most_incidence",
                    models.PositiveSmallIntegerField(verbose_name="highest incidence, in degrees"),
                ),
                (
                    "answer_days",
                    models.PositiveSmallIntegerField(
                        default=4, verbose_name="days to answer a proposal"
                    ),
                ),
                (
                    "silence",
                    models.CharField(
                        choices=[
                            ("accept", "it is accepted"),
                            ("refuse", "it is refused and tasking goes on"),
                        ],
                        max_length=10,
                        verbose_name="silence means",
                    ),
                ),
                (
                    "cancel_hours",
                    models.PositiveSmallIntegerField(
                        default=24, verbose_name="cancelled in time, in hours"
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "tasking default",
                "verbose_name_plural": "tasking defaults",
                "ordering": ["version", "sensor"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor"), name="tasking_default_once_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("least_window_days__gte", 2),
                            ("most_window_days__gte", models.F("least_window_days")),
                        ),
                        name="tasking_window_never_a_single_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tries__gte", 1), ("most_tries__gte", models.F("tries"))
                        ),
                        name="tasking_tries_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cloud__lte", 100),
                            ("most_incidence__gte", models.F("incidence")),
                            ("most_incidence__lte", 90),
                        ),
                        name="tasking_ceilings_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                (
                    "kind",
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
                    "unit",
                    models.CharField(
                        choices=[("km2", "km²"), ("attempt", "scene-equivalent attempts")],
                        max_length=10,
                        verbose_name="unit",
                    ),
                ),
                (
                    "sensor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.sensor",
                        verbose_name="sensor",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)s_rows",
                        to="orders.ruleversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["version", "sensor", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "sensor", "kind"), name="unit_once_a_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ArrivalEvent",
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
                ("step", models.CharField(max_length=20, verbose_name="step")),
                ("source", models.CharField(max_length=12, verbose_name="from")),
                ("target", models.CharField(max_length=12, verbose_name="to")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "arrival",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.arrival",
                    ),
                ),
                (
                    "by_link",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.mailedlink",
                    ),
                ),
                (
                    "by_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "event of an arrival",
                "verbose_name_plural": "events of an arrival",
                "ordering": ["at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("by_link", None), ("by_part", ""), ("by_user__isnull", False)
                            ),
                            models.Q(
                                ("by_link__isnull", False), ("by_part", ""), ("by_user", None)
                            ),
                            models.Q(
                                models.Q(("by_link", None), ("by_user", None)),
                                models.Q(("by_part", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="orders_arrivalevent_has_one_actor",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="arrivalevent",
            trigger=pgtrigger.compiler.Trigger(
                name="arrival_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7197e5aadd229752f2e98ec99997440de5c65648",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_arrival_event_only_added_1abd0",
                    table="orders_arrivalevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closingevent",
            trigger=pgtrigger.compiler.Trigger(
                name="closing_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9a63254975495887733176f639c72f8e18e8ecbf",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_closing_event_only_added_f8d74",
                    table="orders_closingevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decisionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="decision_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="71bc89ba59e826c193bc609eeb3d6313e850b6e2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_decision_event_only_added_9da29",
                    table="orders_decisionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointevent",
            trigger=pgtrigger.compiler.Trigger(
                name="joint_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="613bf9bda067da36e70b40df901d004b68000186",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_joint_event_only_added_d9092",
                    table="orders_jointevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="jointpart",
            constraint=models.UniqueConstraint(
                fields=("joint", "line"), name="joint_part_once_a_line"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lineevent",
            trigger=pgtrigger.compiler.Trigger(
                name="line_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c5d8c76596b02269ffeffce33807aea13ee70c34",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_line_event_only_added_43432",
                    table="orders_lineevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="milestone",
            trigger=pgtrigger.compiler.Trigger(
                name="milestone_never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d44b2fb6fed8e32094366539ddf8b67932a29419",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_milestone_never_changed_8b80b",
                    table="orders_milestone",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modulationevent",
            trigger=pgtrigger.compiler.Trigger(
                name="modulation_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="db5c35cb75b14eebcff54844c1f6b949ba8f9d81",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_modulation_event_only_added_0d6e3",
                    table="orders_modulationevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movement",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bec4dc216b7638d066c479d478db4c9607cb7c0f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_dac54",
                    table="orders_movement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="movement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the movements of the ledger are never emptied';",
                    hash="bedb0f12f163a1660b00260e33d8209f374aa888",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_3a4c3",
                    table="orders_movement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="desknote",
            trigger=pgtrigger.compiler.Trigger(
                name="desk_note_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="16b4db5c92b6f9dd2b9ac9182f2064ae2704ac28",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_desk_note_only_added_ef210",
                    table="orders_desknote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="period",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="abfec48d59a4b88f2c4eb3c5a5c4313592705cdb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_36f78",
                    table="orders_period",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modulation",
            trigger=pgtrigger.compiler.Trigger(
                name="applied_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'applied')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ec07336b3a6083788538d8af29231c318ade614a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_applied_never_changes_a0871",
                    table="orders_modulation",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dropped"), _negated=True),
                fields=("period",),
                name="period_closed_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closing",
            trigger=pgtrigger.compiler.Trigger(
                name="closed_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'closed')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="8aa4648054061f491f4e884fb512720ff335775b",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_closed_never_changes_6ceba",
                    table="orders_closing",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("period", "kind", "owner_kind", "owner_key"),
                name="account_once_per_owner_and_period",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="moves_with_movements",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (pg_trigger_depth() = 0)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d7a59e6fcbee15142460699e8b8df59e17485a6e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_moves_with_movements_00c71",
                    table="orders_account",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="account",
            trigger=pgtrigger.compiler.Trigger(
                name="never_emptied",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'the accounts of the ledger are never emptied';",
                    hash="32e2821e10c47d668acf4fc06e5d9fc32619ff96",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_never_emptied_56715",
                    table="orders_account",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contribution",
            trigger=pgtrigger.compiler.Trigger(
                name="contribution_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="dadc43f0aa77c932ae11b45d92e5ae662012e057",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_contribution_only_added_b1912",
                    table="orders_contribution",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolevent",
            trigger=pgtrigger.compiler.Trigger(
                name="pool_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="998e88e30e00d00bcbbcbe4229dbde5fbc27a3d2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_pool_event_only_added_e373e",
                    table="orders_poolevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolvote",
            trigger=pgtrigger.compiler.Trigger(
                name="pool_vote_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="5409eaf77b94a631f0433d84abc06e32ab9aeb2e",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_pool_vote_only_added_fd635",
                    table="orders_poolvote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectevent",
            trigger=pgtrigger.compiler.Trigger(
                name="project_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="a3413876beaa6117cd6223e00294afab3e8bfe7d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_project_event_only_added_600a9",
                    table="orders_projectevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="projectreviewevent",
            trigger=pgtrigger.compiler.Trigger(
                name="review_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="f8c83d5f9df5e37eb66401a2b247c9e037821ef1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_review_event_only_added_49f02",
                    table="orders_projectreviewevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="questionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="question_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="987745c996b4e96d26250196a7dd196e560c69ab",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_question_event_only_added_b4f43",
                    table="orders_questionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="quotarequestevent",
            trigger=pgtrigger.compiler.Trigger(
                name="quota_request_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="13fa52eef89da2130b6bcbbfdab4cb23ab98c182",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_quota_request_event_only_added_12c0f",
                    table="orders_quotarequestevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.UniqueConstraint(
                fields=("order", "number"), name="line_number_once_an_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", "to_confirm"), _negated=True),
                    ("proposed_quote__isnull", False),
                    _connector="OR",
                ),
                name="line_to_confirm_has_a_quote",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approval", "offered"), _negated=True),
                    ("proposed_quote__isnull", False),
                    _connector="OR",
                ),
                name="line_offered_has_a_quote",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "pending")),
                fields=("line",),
                name="decision_one_pending_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quote__isnull", False), ("verb", "offer_part")),
                    models.Q(models.Q(("verb", "offer_part"), _negated=True), ("quote", None)),
                    _connector="OR",
                ),
                name="decision_offers_a_quote",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="approved_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'approved')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="678ec4ba3b24fe3e3f7f987b4a5d179a139620aa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_approved_never_changes_b5509",
                    table="orders_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purseorder",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="55f0a967c1c777e242821f66dc532e8165b2d8ba",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_a9d63",
                    table="orders_purseorder",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pricerow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="45b37c955c7cb0c69d3af7be087482451c8368a8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f44df",
                    table="orders_pricerow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placerow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="8a8f7f3ce3401661a940b8fa804d97ba99287837",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f24d9",
                    table="orders_placerow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pendingweight",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="085b50a11a1ce5376cd073404862aad2ff12392e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_661bc",
                    table="orders_pendingweight",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="multiplier",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="584fb907fb50366956f7ffdd135947ed0c747bfc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_28d94",
                    table="orders_multiplier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minimumarea",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="df7d3b2781b668bd992aa30cd30903fc8228cdab",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f7ebd",
                    table="orders_minimumarea",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="licencerule",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="301608b6cdd607134b537156b01a13a2aae6795a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_354a0",
                    table="orders_licencerule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="judgement",
            trigger=pgtrigger.compiler.Trigger(
                name="judgement_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="53e1ea623302a70f00eec51242ffdf910448759f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_judgement_only_added_14f50",
                    table="orders_judgement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delay",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="ebfb741d8e023a834eb1c97849c8f186b0053c4c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_778dd",
                    table="orders_delay",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contributoroffer",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="a8d7c3a2901eb2a096fa49e53d99e038eea0f26a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f128c",
                    table="orders_contributoroffer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ceiling",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="8fd81dbfd164bf9517eea6c38a6590012650148a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_2971b",
                    table="orders_ceiling",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="carryrule",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="25342b5b7225624f9508e6cce62d83a118b15a3d",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_b46d3",
                    table="orders_carryrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvalrow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="cd460f1b371fee64bdbda095e7464572f204cbb3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_96d28",
                    table="orders_approvalrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alertrule",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="612b80210146bbe171150545b44720afa6902ab2",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_2567a",
                    table="orders_alertrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="rule_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="38d8ac599ce6a6c4837410c7ebd162ec87d895e4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rule_event_only_added_c1811",
                    table="orders_ruleversionevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="secondpersonrule",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="a4c51e78a96031f9a1f98508bb8d07394cfefc35",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_a6ceb",
                    table="orders_secondpersonrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="seriesevent",
            trigger=pgtrigger.compiler.Trigger(
                name="series_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7c8da0b2f919c95dcaba9933fb31d9c0db277286",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_series_event_only_added_e00c4",
                    table="orders_seriesevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="standinevent",
            trigger=pgtrigger.compiler.Trigger(
                name="standin_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="52c9e9c89ee5966b53400fc27d197b65e52e0222",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_standin_event_only_added_44f56",
                    table="orders_standinevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supplierevent",
            trigger=pgtrigger.compiler.Trigger(
                name="supplier_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b04eaa32ab9d5c7ddf76b8294acc28b666df1229",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_supplier_event_only_added_2b917",
                    table="orders_supplierevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="targetrow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="95deeeec0d7ea22d1839782fc9a5ca3034be4641",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_fa1d0",
                    table="orders_targetrow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taskingdefault",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="eec2203a8d2b21360736106a16e4c44d181c7d67",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_14d3c",
                    table="orders_taskingdefault",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitrow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="88d951d0073043e147e163f9a33320cf8bd0b92e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_30d71",
                    table="orders_unitrow",
                    when="BEFORE",
                ),
            ),
        ),
        # What the ledger refuses, whoever writes: see the notes in the file.
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
