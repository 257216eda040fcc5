"""Periods, accounts and movements, with the triggers that alone move a balance."""

from decimal import Decimal
from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

TRIGGERS = Path(__file__).with_name("ledger.sql").read_text(encoding="utf-8")
NO_TRIGGERS = """
DROP TRIGGER movement_moves ON orders_movement;
DROP TRIGGER movement_is_right ON orders_movement;
DROP TRIGGER account_opens ON orders_account;
DROP FUNCTION ledger_movement_moves, ledger_movement_is_right, ledger_is_route, ledger_account_opens;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),  # the periods' constraint compares a sensor and days
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
            },
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
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="orders.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "verbose_name_plural": "accounts",
                "ordering": ["pk"],
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
        migrations.AddConstraint(
            model_name="period",
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
                name="orders_period_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                name="period_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="period",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
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
        migrations.AddIndex(
            model_name="account",
            index=models.Index(fields=["owner_kind", "owner_key"], name="account_by_owner"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("period", "kind", "owner_kind", "owner_key"),
                name="account_once_per_owner_and_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "source"), ("balance__gte", 0), _connector="OR"),
                name="quota_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "source"), ("owner_kind__in", [""])),
                    models.Q(("kind", "budget"), ("owner_kind__in", [""])),
                    models.Q(("kind", "reserve"), ("owner_kind__in", [""])),
                    models.Q(("kind", "common"), ("owner_kind__in", ["category"])),
                    models.Q(
                        ("kind", "allotment"), ("owner_kind__in", ["organisation", "project"])
                    ),
                    models.Q(("kind", "pool"), ("owner_kind__in", ["pool"])),
                    models.Q(("kind", "held"), ("owner_kind__in", ["line"])),
                    models.Q(("kind", "consumed"), ("owner_kind__in", ["organisation"])),
                    _connector="OR",
                ),
                name="account_has_a_fitting_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
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
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
