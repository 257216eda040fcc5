"""Prices by place, mode and reach; units, places, ceilings and offers; a version's life; a line's accounts."""

from decimal import Decimal

import django.contrib.gis.db.models.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_link_subjects"),
        ("catalogue", "0003_quicklook_credit"),
        ("orders", "0003_deliveries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
            options={
                "verbose_name": "ceiling",
                "verbose_name_plural": "ceilings",
                "ordering": ["version", "sensor", "scope", "category"],
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
            ],
            options={
                "verbose_name": "contributor's offer",
                "verbose_name_plural": "contributors' offers",
                "ordering": ["version", "sensor", "eur"],
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
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["version", "rank"],
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
            ],
            options={
                "verbose_name": "event of a version",
                "verbose_name_plural": "events of a version",
                "ordering": ["at", "pk"],
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
            ],
            options={
                "verbose_name": "unit",
                "verbose_name_plural": "units",
                "ordering": ["version", "sensor", "kind"],
            },
        ),
        migrations.AlterModelOptions(
            name="pricerow",
            options={
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
                "verbose_name": "price",
                "verbose_name_plural": "prices",
            },
        ),
        migrations.RemoveConstraint(
            model_name="pricerow",
            name="price_once_a_version",
        ),
        migrations.RemoveConstraint(
            model_name="pricerow",
            name="price_only_where_one_pays",
        ),
        migrations.RemoveConstraint(
            model_name="quote",
            name="quote_is_free_or_paid",
        ),
        migrations.AddField(
            model_name="line",
            name="invoice_reference",
            field=models.CharField(blank=True, max_length=60, verbose_name="invoice"),
        ),
        migrations.AddField(
            model_name="line",
            name="order_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="payer's order number"),
        ),
        migrations.AddField(
            model_name="line",
            name="paid_on",
            field=models.DateField(blank=True, null=True, verbose_name="paid on"),
        ),
        migrations.AddField(
            model_name="line",
            name="payer",
            field=models.CharField(blank=True, max_length=200, verbose_name="payer"),
        ),
        migrations.AddField(
            model_name="pricerow",
            name="cofunder_eur_per_unit",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                max_digits=10,
                verbose_name="co-funder's euros per km² or attempt",
            ),
        ),
        migrations.AddField(
            model_name="pricerow",
            name="is_assumed",
            field=models.BooleanField(default=False, verbose_name="not in the sources"),
        ),
        migrations.AddField(
            model_name="pricerow",
            name="mode",
            field=models.CharField(
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
        migrations.AddField(
            model_name="pricerow",
            name="place",
            field=models.CharField(
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
        migrations.AddField(
            model_name="pricerow",
            name="reach",
            field=models.CharField(
                blank=True,
                choices=[("within", "within the quota"), ("beyond", "beyond the quota")],
                max_length=10,
                verbose_name="quota",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="asked_area",
            field=django.contrib.gis.db.models.fields.MultiPolygonField(
                blank=True, null=True, srid=4326, verbose_name="area asked"
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="asked_km2",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                verbose_name="area asked, in km²",
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="beyond",
            field=models.BooleanField(default=False, verbose_name="beyond the quota"),
        ),
        migrations.AddField(
            model_name="quote",
            name="cofunded_eur",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=12, verbose_name="co-funded, in euros"
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="paid_units",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=14, verbose_name="paid"
            ),
        ),
        migrations.AddField(
            model_name="quote",
            name="place",
            field=models.CharField(
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
        migrations.AddField(
            model_name="quote",
            name="place_shares",
            field=models.JSONField(blank=True, default=dict, verbose_name="shares of the places"),
        ),
        migrations.AddField(
            model_name="quote",
            name="quota_units",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=14, verbose_name="held on the quota"
            ),
        ),
        migrations.AddField(
            model_name="ruleversion",
            name="copied_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies",
                to="orders.ruleversion",
            ),
        ),
        migrations.AddField(
            model_name="ruleversion",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="expected by"),
        ),
        migrations.AddField(
            model_name="ruleversion",
            name="state",
            field=models.CharField(
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
        migrations.AddField(
            model_name="ruleversion",
            name="state_since",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="in this state since"
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="line",
            name="money",
            field=models.CharField(
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
        migrations.AlterField(
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
        migrations.AlterField(
            model_name="pricerow",
            name="category",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="pricerow",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[("production", "Production from the archive"), ("tasking", "Tasking")],
                max_length=12,
                verbose_name="service",
            ),
        ),
        migrations.AlterField(
            model_name="pricerow",
            name="sensor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AlterField(
            model_name="pricerow",
            name="terms",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="quote",
            name="terms",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="ruleversion",
            name="note",
            field=models.TextField(blank=True, max_length=2000, verbose_name="note"),
        ),
        migrations.AddField(
            model_name="ceiling",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AddField(
            model_name="ceiling",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)s_rows",
                to="orders.ruleversion",
            ),
        ),
        migrations.AddField(
            model_name="contributoroffer",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AddField(
            model_name="contributoroffer",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)s_rows",
                to="orders.ruleversion",
            ),
        ),
        migrations.AddField(
            model_name="placerow",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)s_rows",
                to="orders.ruleversion",
            ),
        ),
        migrations.AddField(
            model_name="ruleversionevent",
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
            model_name="ruleversionevent",
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
            model_name="ruleversionevent",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="orders.ruleversion",
            ),
        ),
        migrations.AddField(
            model_name="unitrow",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AddField(
            model_name="unitrow",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)s_rows",
                to="orders.ruleversion",
            ),
        ),
    ]
