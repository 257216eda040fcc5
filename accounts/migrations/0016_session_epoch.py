from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_changes")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="session_epoch",
            field=models.PositiveIntegerField(default=0, verbose_name="sessions ended"),
        ),
    ]
