from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_outside_identities")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="desk reminded"),
        ),
        migrations.AddField(
            model_name="change",
            name="escalated_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="administrators told"),
        ),
    ]
