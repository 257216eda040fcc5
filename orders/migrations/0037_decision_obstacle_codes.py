"""Why a decision of the desk was left, as a code and its facts: told in each reader's language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0036_ledger_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="obstacle_code",
            field=models.CharField(blank=True, max_length=60, verbose_name="what stood in the way"),
        ),
        migrations.AddField(
            model_name="decision",
            name="obstacle_facts",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="facts of what stood in the way"
            ),
        ),
    ]
