"""Projects: their life, their history, and the orders asked under them."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_session_epoch"),
        ("catalogue", "0005_themes"),
        ("orders", "0006_prices_guarded"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE orders_project_number;", "DROP SEQUENCE orders_project_number;"
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
            },
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["state", "state_since"], name="project_queue"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on", None),
                    ("ends_on", None),
                    ("ends_on__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="project_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "closed"]), _negated=True),
                    ("approved_at__isnull", False),
                    _connector="OR",
                ),
                name="project_approved_has_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectevent",
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
                name="orders_projectevent_has_one_actor",
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
    ]
