"""Quotes priced under a project."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0013_quota_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="quote",
            name="project",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="quotes",
                to="orders.project",
            ),
        ),
    ]
