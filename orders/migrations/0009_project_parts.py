"""What a project is made of: areas, partners, wishes."""

import django.contrib.gis.db.models.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0016_session_epoch"),
        ("catalogue", "0005_themes"),
        ("orders", "0008_approved_at_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProjectArea",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                (
                    "geometry",
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
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="areas",
                        to="orders.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of a project",
                "verbose_name_plural": "areas of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("area_km2__gt", 0)), name="project_area_is_not_empty"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectPartner",
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
                    "body",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        verbose_name="organisation, if it is not a member",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
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
                    "role",
                    models.CharField(
                        choices=[
                            ("co_lead", "co-leads the project"),
                            ("science", "scientific partner"),
                            ("field", "knows the field"),
                            ("user", "user of the results"),
                            ("funder", "funds the project"),
                            ("student", "student"),
                        ],
                        default="science",
                        max_length=10,
                        verbose_name="role",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "Invited"),
                            ("accepted", "Takes part"),
                            ("declined", "Does not take part"),
                            ("removed", "Removed"),
                        ],
                        default="invited",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                        verbose_name="member organisation",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partners",
                        to="orders.project",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="partnerships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "partner of a project",
                "verbose_name_plural": "partners of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "email"), name="project_partner_once_a_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("organisation__isnull", False),
                            models.Q(("body", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="project_partner_has_a_body",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProjectWish",
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
                ("images", models.PositiveSmallIntegerField(verbose_name="number of images")),
                (
                    "km2",
                    models.DecimalField(decimal_places=2, max_digits=10, verbose_name="km² in all"),
                ),
                (
                    "offered",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="offered",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="wishes",
                        to="orders.project",
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
            ],
            options={
                "verbose_name": "wish of a project",
                "verbose_name_plural": "wishes of a project",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("images__gt", 0), ("km2__gt", 0)),
                        name="project_wish_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("offered", None), ("offered__gte", 0), _connector="OR"),
                        name="project_wish_offer_not_negative",
                    ),
                ],
            },
        ),
    ]
