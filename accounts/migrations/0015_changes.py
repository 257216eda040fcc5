"""Changes of an organisation: asked, reviewed, accepted, applied; every step is kept."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_erased_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
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
                            ("facts", "facts of the organisation"),
                            ("legal", "legal representative"),
                            ("referent", "referents"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="under_review",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("before", models.JSONField(default=dict, verbose_name="before")),
                ("after", models.JSONField(default=dict, verbose_name="after")),
                (
                    "verified_how",
                    models.TextField(blank=True, verbose_name="how the address was verified"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ChangeEvent",
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
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=20,
                        verbose_name="from",
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("under_review", "Under review at the DINAMIS desk"),
                            ("awaiting_legal", "Waiting for the new legal representative"),
                            ("applied", "Applied"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=20,
                        verbose_name="to",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="when")),
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
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.change",
                    ),
                ),
            ],
            options={
                "verbose_name": "change event",
                "verbose_name_plural": "change events",
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["awaiting_legal", "under_review"])),
                fields=("organisation", "kind"),
                name="one_open_change_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="changeevent",
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
                name="accounts_changeevent_has_one_actor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="changeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4bd8a762ce0e15686f1bc354fda3deff8e2f99b0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_86db7",
                    table="accounts_changeevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
