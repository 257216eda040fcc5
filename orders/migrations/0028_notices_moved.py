from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0027_notices_kept")]

    operations = [
        migrations.RemoveField(model_name="notice", name="event"),
        migrations.DeleteModel(name="QuotaNotice"),
        migrations.DeleteModel(name="Notice"),
    ]
