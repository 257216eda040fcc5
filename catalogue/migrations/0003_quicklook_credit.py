"""A quicklook may be somebody else's picture than its collection's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_product_events")]

    operations = [
        migrations.AddField(
            model_name="scene",
            name="quicklook_credit",
            field=models.CharField(
                blank=True, default="", max_length=120, verbose_name="credit of the quicklook"
            ),
            preserve_default=False,
        )
    ]
