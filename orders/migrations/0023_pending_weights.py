"""How much of what is asked and not held a forecast reckons with."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0022_project_words"),
    ]

    operations = [
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
    ]
