"""When a person was erased; what a copy of one's data weighs, and its digest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_belonging")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erased"),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="size",
            field=models.PositiveBigIntegerField(default=0, verbose_name="bytes"),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
