"""Bring what was written before to the new columns: shares of quotes, states of versions, units of services."""

from django.db import migrations

FORWARD = """
UPDATE orders_ruleversion SET state = 'approved', state_since = approved_at WHERE approved_at IS NOT NULL;
UPDATE orders_pricerow SET terms = 'dsp' WHERE terms = 'paid';
UPDATE orders_quote SET quota_units = units WHERE terms = 'quota';
UPDATE orders_quote SET terms = 'dsp', paid_units = units WHERE terms = 'paid';
INSERT INTO orders_unitrow (version_id, sensor_id, kind, unit, source)
SELECT v.id, s.code, k.kind, s.unit, ''
FROM orders_ruleversion v CROSS JOIN catalogue_sensor s
CROSS JOIN (VALUES ('production'), ('tasking')) AS k (kind);
UPDATE orders_line SET order_number = '-', payer = '-', paid_on = state_since::date WHERE money = 'paid';
"""
BACK = """
DELETE FROM orders_unitrow;
UPDATE orders_quote SET terms = 'paid' WHERE terms IN ('dsp', 'preferential', 'cofunded');
UPDATE orders_quote SET terms = 'quota' WHERE terms = 'free';
UPDATE orders_pricerow SET terms = 'paid' WHERE terms IN ('dsp', 'preferential', 'cofunded');
UPDATE orders_pricerow SET terms = 'quota' WHERE terms = 'free';
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_prices"), ("catalogue", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
