"""When those who look after a quota hear that it is nearly used."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0006_stated_uses"),
        ("orders", "0019_pools"),
    ]

    operations = [
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
    ]
