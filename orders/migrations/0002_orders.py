"""Rules, quotes, orders, lines, and what becomes of them."""

import uuid
from decimal import Decimal

import django.contrib.gis.db.models.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("orders", "0001_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_order_number; CREATE SEQUENCE orders_quote_number;",
            "DROP SEQUENCE orders_order_number; DROP SEQUENCE orders_quote_number;",
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
                            ("awaiting_referent", "With the referent"),
                            ("submitted", "With the DINAMIS desk"),
                            ("to_complete", "To be completed"),
                            ("to_confirm", "To be confirmed"),
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
                            ("due", "To be paid"),
                            ("paid", "Paid"),
                            ("void", "Not to be paid any more"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="money",
                    ),
                ),
                (
                    "supplier_reference",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="supplier's reference"
                    ),
                ),
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
            ],
            options={
                "verbose_name": "line",
                "verbose_name_plural": "lines",
                "ordering": ["order", "number"],
            },
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
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("addressee", models.CharField(max_length=40, verbose_name="addressee")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="orders.lineevent",
                    ),
                ),
            ],
            options={
                "verbose_name": "notice sent",
                "verbose_name_plural": "notices sent",
                "ordering": ["pk"],
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
                            ("quota", "free, within the quota"),
                            ("paid", "paid at the preferential price, with no free share"),
                            ("refused", "not offered"),
                        ],
                        max_length=10,
                        verbose_name="terms",
                    ),
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
            },
        ),
        migrations.AddField(
            model_name="line",
            name="proposed_quote",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
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
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("effective_from", models.DateField(verbose_name="in force from")),
                (
                    "approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="approved at"),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
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
            ],
            options={
                "verbose_name": "version of the rules",
                "verbose_name_plural": "versions of the rules",
                "ordering": ["-effective_from", "-pk"],
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
                        choices=[
                            ("production", "Production from the archive"),
                            ("tasking", "Tasking"),
                        ],
                        max_length=12,
                        verbose_name="service",
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            ("quota", "free, within the quota"),
                            ("paid", "paid at the preferential price, with no free share"),
                            ("refused", "not offered"),
                        ],
                        max_length=10,
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
                "verbose_name": "price",
                "verbose_name_plural": "prices",
                "ordering": ["version", "sensor", "kind", "category"],
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
            },
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("line", "number"), name="attempt_number_once_a_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("units__gte", 0)), name="attempt_units_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cloud_cover", None), ("cloud_cover__range", (0, 100)), _connector="OR"
                ),
                name="attempt_cloud_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="acquisition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("line",),
                name="acquisition_one_open_proposal_a_line",
            ),
        ),
        migrations.AddConstraint(
            model_name="acquisition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    ("due_at__isnull", False),
                    _connector="OR",
                ),
                name="acquisition_proposed_has_a_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="acquisition",
            constraint=models.CheckConstraint(
                condition=models.Q(("cloud_cover__range", (0, 100))),
                name="acquisition_cloud_is_a_share",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineevent",
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
                name="orders_lineevent_has_one_actor",
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
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                fields=("event", "addressee"), name="notice_sent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.UniqueConstraint(
                fields=("line", "product"), name="offer_once_a_line_and_product"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["requester", "-made_at", "-id"], name="order_newest_of_requester"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["organisation", "-made_at"], name="order_newest_of_organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=("requester", "submission"), name="order_submitted_once"
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(fields=["approval", "supply", "state_since"], name="line_queue"),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("kind", "tasking")),
                fields=["window_ends_on"],
                name="line_window_end",
            ),
        ),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(("supplier_reference", ""), _negated=True),
                fields=["supplier_reference"],
                name="line_supplier_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_km2__gt", 0)), name="line_area_positive"
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
                    models.Q(("supply", "delivered"), _negated=True),
                    ("product__isnull", False),
                    _connector="OR",
                ),
                name="line_delivered_has_a_product",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "supply__in",
                            ["placed", "attempting", "proposed", "in_production", "delivered"],
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
                    ("due_at", None), ("due_at__gte", models.F("state_since")), _connector="OR"
                ),
                name="line_due_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
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
                name="orders_ruleversion_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("quote_days__gt", 0)), name="rule_quote_days_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("area_km2__gt", 0)), name="quote_area_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("units__gt", 0),
                    ("least_units__gt", 0),
                    ("units__gte", models.F("least_units")),
                ),
                name="quote_counts_at_least_its_minimum",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price_eur", 0), ("terms", "quota")),
                    models.Q(("price_eur__gt", 0), ("terms", "paid")),
                    _connector="OR",
                ),
                name="quote_is_free_or_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("made_at"))),
                name="quote_expires_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="purseorder",
            constraint=models.UniqueConstraint(
                fields=("version", "rank"), name="purse_rank_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="purseorder",
            constraint=models.UniqueConstraint(
                fields=("version", "purse"), name="purse_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerow",
            constraint=models.UniqueConstraint(
                fields=("version", "category", "sensor", "kind"), name="price_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("eur_per_unit__gt", Decimal("0")), ("terms", "paid")),
                    models.Q(
                        models.Q(("terms", "paid"), _negated=True), ("eur_per_unit", Decimal("0"))
                    ),
                    _connector="OR",
                ),
                name="price_only_where_one_pays",
            ),
        ),
        migrations.AddConstraint(
            model_name="multiplier",
            constraint=models.UniqueConstraint(
                fields=("version", "mode"), name="multiplier_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="multiplier",
            constraint=models.CheckConstraint(
                condition=models.Q(("factor__gt", 0)), name="multiplier_positive"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumarea",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor", "kind"), name="minimum_area_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumarea",
            constraint=models.CheckConstraint(
                condition=models.Q(("km2__gte", Decimal("0"))), name="minimum_area_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="licencerule",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor"), name="licence_rule_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="delay",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor", "kind"), name="delay_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="delay",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_days__gte", models.F("least_days"))),
                name="delay_is_a_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskingdefault",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor"), name="tasking_default_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskingdefault",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("least_window_days__gte", 2),
                    ("most_window_days__gte", models.F("least_window_days")),
                ),
                name="tasking_window_never_a_single_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskingdefault",
            constraint=models.CheckConstraint(
                condition=models.Q(("tries__gte", 1), ("most_tries__gte", models.F("tries"))),
                name="tasking_tries_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskingdefault",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cloud__lte", 100),
                    ("most_incidence__gte", models.F("incidence")),
                    ("most_incidence__lte", 90),
                ),
                name="tasking_ceilings_in_order",
            ),
        ),
    ]
