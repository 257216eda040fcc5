"""Headings of the rules' tables: only words, nothing in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_squashed_0022_webhooks"),
        ("catalogue", "0016_saved_searches"),
        ("orders", "0038_files_listed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delay",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AlterField(
            model_name="licencerule",
            name="licence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.licence",
                verbose_name="licence",
            ),
        ),
        migrations.AlterField(
            model_name="licencerule",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AlterField(
            model_name="minimumarea",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
        migrations.AlterField(
            model_name="taskingdefault",
            name="sensor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.sensor",
                verbose_name="sensor",
            ),
        ),
    ]
