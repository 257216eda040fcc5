"""Reviews of projects: who was asked, the scores, the words."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_session_epoch"),
        ("orders", "0011_modulations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                            ("given", "Given"),
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
                            ("given", "Given"),
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
                            ("given", "Given"),
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
            },
        ),
        migrations.AddConstraint(
            model_name="projectreview",
            constraint=models.UniqueConstraint(
                fields=("project", "email"), name="project_review_once_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectreview",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="projectreviewevent",
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
                name="orders_projectreviewevent_has_one_actor",
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
        migrations.AddConstraint(
            model_name="reviewscore",
            constraint=models.UniqueConstraint(
                fields=("review", "criterion"), name="review_scores_a_criterion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 1), ("value__lte", 5)),
                name="review_score_in_range",
            ),
        ),
    ]
