"""What a review given and a report received are called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0021_joint_requests"),
    ]

    operations = [
        migrations.AlterField(
            model_name="projectreport",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("given", "Report received"),
                    ("waived", "Not asked any more"),
                ],
                default="asked",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="projectreview",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("given", "Review given"),
                    ("declined", "Declined"),
                    ("silent", "No answer in time"),
                    ("withdrawn", "Not asked any more"),
                ],
                default="asked",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="projectreviewevent",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("asked", "Asked"),
                    ("given", "Review given"),
                    ("declined", "Declined"),
                    ("silent", "No answer in time"),
                    ("withdrawn", "Not asked any more"),
                ],
                max_length=10,
                verbose_name="from",
            ),
        ),
        migrations.AlterField(
            model_name="projectreviewevent",
            name="target",
            field=models.CharField(
                choices=[
                    ("asked", "Asked"),
                    ("given", "Review given"),
                    ("declined", "Declined"),
                    ("silent", "No answer in time"),
                    ("withdrawn", "Not asked any more"),
                ],
                max_length=10,
                verbose_name="to",
            ),
        ),
    ]
