"""Modulations, their events, what was mailed about the quota, and how much one person moves alone."""

from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_session_epoch"),
        ("catalogue", "0004_passing_on"),
        ("orders", "0010_waiting_list"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="modulations",
                        to="orders.period",
                        verbose_name="period",
                    ),
                ),
            ],
            options={
                "verbose_name": "modulation",
                "verbose_name_plural": "modulations",
                "ordering": ["-made_at", "-pk"],
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
            },
        ),
        migrations.CreateModel(
            name="QuotaNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=120, verbose_name="about")),
                ("addressee", models.CharField(max_length=40, verbose_name="addressee")),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "notice about the quota",
                "verbose_name_plural": "notices about the quota",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "addressee"), name="quota_notice_sent_once"
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
            },
        ),
        migrations.AddConstraint(
            model_name="modulation",
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
                name="orders_modulation_has_one_actor",
            ),
        ),
        migrations.AddConstraint(
            model_name="modulation",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="modulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("aim", "budget"), ("rule", "")),
                    models.Q(("aim", "allotments"), models.Q(("rule", ""), _negated=True)),
                    _connector="OR",
                ),
                name="modulation_of_allotments_has_a_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="modulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("floor__gte", 0), ("rule", "floor")),
                    models.Q(models.Q(("rule", "floor"), _negated=True), ("floor", None)),
                    _connector="OR",
                ),
                name="modulation_floor_only_with_its_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="modulation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at__isnull", False), ("state", "applied")),
                    models.Q(models.Q(("state", "applied"), _negated=True), ("applied_at", None)),
                    _connector="OR",
                ),
                name="modulation_applied_has_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="modulation",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="modulation_gives_its_reason",
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
            model_name="modulationevent",
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
                name="orders_modulationevent_has_one_actor",
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
        migrations.AddConstraint(
            model_name="secondpersonrule",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor"), name="second_person_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="secondpersonrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("alone_up_to__gte", Decimal("0"))),
                name="alone_up_to_not_negative",
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
    ]
