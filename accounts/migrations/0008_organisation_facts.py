"""The directory of public registers, supervising bodies, mergers, and the charter kept beside the certificate."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_programs_and_outside_identifiers"),
    ]

    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.AddField(
            model_name="membership",
            name="charter_file",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="membership",
            name="charter_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name="DirectoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("rnsr", "national directory of research structures"),
                            ("esr", "list of higher education"),
                            ("ror", "Research Organization Registry"),
                            ("domains", "list of university domains"),
                        ],
                        max_length=10,
                        verbose_name="register",
                    ),
                ),
                ("key", models.CharField(max_length=60, verbose_name="key in the register")),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                (
                    "short_name",
                    models.CharField(blank=True, max_length=60, verbose_name="short name"),
                ),
                (
                    "other_names",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="other names",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=80, verbose_name="kind")),
                ("country", models.CharField(max_length=2, verbose_name="country")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="town")),
                ("siret", models.CharField(blank=True, max_length=14, verbose_name="SIRET")),
                ("rnsr", models.CharField(blank=True, max_length=10, verbose_name="RNSR")),
                ("ror", models.CharField(blank=True, max_length=9, verbose_name="ROR")),
                (
                    "domains",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=253),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="e-mail domains",
                    ),
                ),
                (
                    "supervisors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="supervising bodies",
                    ),
                ),
                ("website", models.CharField(blank=True, max_length=300, verbose_name="web site")),
                ("is_closed", models.BooleanField(default=False, verbose_name="closed")),
                ("folded_name", models.TextField(editable=False)),
                ("folded_short", models.TextField(editable=False)),
                ("folded", models.TextField(editable=False)),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
            ],
            options={
                "verbose_name": "directory entry",
                "verbose_name_plural": "directory entries",
                "ordering": ["name", "pk"],
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="directory_by_typing", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["folded_name"], name="directory_by_name"),
                    models.Index(fields=["folded_short"], name="directory_by_short_name"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "key"), name="directory_entry_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Supervision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supervisor", "supervising body"),
                            ("host", "host institution"),
                            ("partner", "partner body"),
                        ],
                        default="supervisor",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="supervisions",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "supervision",
                "verbose_name_plural": "supervisions",
                "ordering": ["organisation", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Merger",
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
                ("reason", models.TextField(verbose_name="reason")),
                ("moved", models.JSONField(default=dict, verbose_name="what moved")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "absorbed",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merger",
                        to="accounts.organisation",
                        verbose_name="absorbed organisation",
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
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mergers",
                        to="accounts.organisation",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "merger",
                "verbose_name_plural": "mergers",
                "ordering": ["-at", "-pk"],
                "abstract": False,
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
                        name="accounts_merger_has_one_actor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("absorbed", models.F("successor")), _negated=True),
                        name="nobody_absorbs_itself",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merger",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="0b05bec8048377a7b0a1b1861d13d540ecee8195",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_40399",
                    table="accounts_merger",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("organisation", "name"),
                name="supervised_once_by_a_body",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(("body", models.F("organisation")), _negated=True),
                name="nobody_supervises_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since", None),
                    ("until", None),
                    ("until__gte", models.F("since")),
                    _connector="OR",
                ),
                name="supervision_ends_after_it_began",
            ),
        ),
    ]
