"""What comes of a project: reports and publications."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_erasures"),
        ("orders", "0017_reuse"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                            ("given", "Given"),
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
    ]
