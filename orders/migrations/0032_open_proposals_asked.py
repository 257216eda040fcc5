"""Images that were proposed before there were questions: each open one is a question too."""

from django.db import migrations

OPTIONS = [{"key": "accept", "label": "Accept"}, {"key": "refuse", "label": "Refuse"}]


def ask(apps, schema_editor):
    Acquisition = apps.get_model("orders", "Acquisition")
    Question = apps.get_model("orders", "Question")
    for image in Acquisition.objects.filter(state="proposed"):
        Question.objects.create(
            line_id=image.line_id,
            kind="proposal",
            acquisition=image,
            options=OPTIONS,
            silence=image.silence,
            asked_at=image.state_since,
            state_since=image.state_since,
            due_at=image.due_at,
        )


def forget(apps, schema_editor):
    """Their images remain, and are answered as before."""
    apps.get_model("orders", "Question").objects.filter(kind="proposal", events=None).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0031_questions_and_series")]
    operations = [migrations.RunPython(ask, forget)]
