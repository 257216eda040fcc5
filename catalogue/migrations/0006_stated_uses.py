import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0019_erasures"),
        ("catalogue", "0005_themes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StatedUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("project", models.CharField(blank=True, max_length=20, verbose_name="project")),
                ("use", models.CharField(max_length=500, verbose_name="what it is for")),
                ("said_at", models.DateTimeField(auto_now_add=True, verbose_name="said at")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_uses",
                        to="accounts.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_uses",
                        to="catalogue.theme",
                        verbose_name="theme",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stated_uses",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "stated use",
                "verbose_name_plural": "stated uses",
                "ordering": ["-said_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="download",
            name="use",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="downloads",
                to="catalogue.stateduse",
            ),
        ),
        migrations.AddIndex(
            model_name="stateduse",
            index=models.Index(
                fields=["user", "organisation", "-said_at"], name="stated_use_of_person"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="stateduse",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="2fafcd46b1cfcf6970fadaf62402f4e785b7588d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f1a31",
                    table="catalogue_stateduse",
                    when="BEFORE",
                ),
            ),
        ),
    ]
