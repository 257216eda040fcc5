"""What was sent already is known where all news is kept now, so that nothing is told again."""

from django.conf import settings
from django.db import migrations

LINES = """
INSERT INTO accounts_notice (person_id, address, key, family, title, text, path, language, channel,
                             made_at, made_on, mailed_at, read_at)
SELECT CASE WHEN addressee LIKE 'user:%%' THEN substr(addressee, 6)::bigint END,
       CASE WHEN addressee LIKE 'user:%%' THEN '' ELSE %(desk)s END,
       'line:' || event_id, 'orders', '', '', '', %(language)s, 'mail',
       sent_at, sent_at::date, sent_at, sent_at
FROM orders_notice ON CONFLICT DO NOTHING
"""
QUOTAS = """
INSERT INTO accounts_notice (person_id, address, key, family, title, text, path, language, channel,
                             made_at, made_on, mailed_at, read_at)
SELECT substr(addressee, 6)::bigint, '', 'quota:' || subject, 'quota', '', '', '', %(language)s, 'mail',
       sent_at, sent_at::date, sent_at, sent_at
FROM orders_quotanotice WHERE addressee LIKE 'user:%%' ON CONFLICT DO NOTHING
"""


def keep(apps, schema_editor):
    known = {"desk": settings.DESK_EMAIL.lower(), "language": settings.LANGUAGE_CODE}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(LINES, known)
        cursor.execute(QUOTAS, known)


def give_back(apps, schema_editor):
    """The old tables still hold their rows; what was brought over has no words."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_notice WHERE title = ''")


class Migration(migrations.Migration):
    dependencies = [("orders", "0026_joint_placed"), ("accounts", "0021_notices")]

    operations = [migrations.RunPython(keep, give_back)]
