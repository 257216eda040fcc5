"""What SQL can state of prices, shares, accounts and versions; a version in force never changes."""

from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_prices_kept")]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="delay",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="ebfb741d8e023a834eb1c97849c8f186b0053c4c",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_778dd",
                    table="orders_delay",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="licencerule",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="301608b6cdd607134b537156b01a13a2aae6795a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_354a0",
                    table="orders_licencerule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minimumarea",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="df7d3b2781b668bd992aa30cd30903fc8228cdab",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f7ebd",
                    table="orders_minimumarea",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="multiplier",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="584fb907fb50366956f7ffdd135947ed0c747bfc",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_28d94",
                    table="orders_multiplier",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pricerow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="45b37c955c7cb0c69d3af7be087482451c8368a8",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f44df",
                    table="orders_pricerow",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="purseorder",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="55f0a967c1c777e242821f66dc532e8165b2d8ba",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_a9d63",
                    table="orders_purseorder",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversion",
            trigger=pgtrigger.compiler.Trigger(
                name="approved_never_changes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'approved')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="678ec4ba3b24fe3e3f7f987b4a5d179a139620aa",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_approved_never_changes_b5509",
                    table="orders_ruleversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="taskingdefault",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="eec2203a8d2b21360736106a16e4c44d181c7d67",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_14d3c",
                    table="orders_taskingdefault",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("money", "due"),
                    (
                        "supply__in",
                        ["placed", "attempting", "proposed", "in_production", "delivered"],
                    ),
                    _negated=True,
                ),
                name="line_placed_has_its_order_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("money__in", ["ordered", "invoiced", "paid"]), _negated=True),
                    models.Q(
                        models.Q(("order_number", ""), _negated=True),
                        models.Q(("payer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="line_ordered_has_a_payer",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(("invoice_reference", ""), ("money", "invoiced"), _negated=True),
                name="line_invoiced_has_an_invoice",
            ),
        ),
        migrations.AddConstraint(
            model_name="line",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("money", "paid"), _negated=True),
                    ("paid_on__isnull", False),
                    _connector="OR",
                ),
                name="line_paid_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerow",
            constraint=models.UniqueConstraint(
                fields=("version", "category", "sensor", "kind", "place", "mode", "reach"),
                name="price_once_a_version",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("eur_per_unit__gt", Decimal("0")), ("terms__in", ["preferential", "dsp"])
                    ),
                    models.Q(("eur_per_unit__gte", Decimal("0")), ("terms", "cofunded")),
                    models.Q(
                        ("eur_per_unit", Decimal("0")), ("terms__in", ["free", "quota", "refused"])
                    ),
                    _connector="OR",
                ),
                name="price_only_where_one_pays",
            ),
        ),
        migrations.AddConstraint(
            model_name="pricerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cofunder_eur_per_unit__gte", Decimal("0")), ("terms", "cofunded")),
                    ("cofunder_eur_per_unit", Decimal("0")),
                    _connector="OR",
                ),
                name="price_cofunder_only_where_cofunded",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_units", 0), ("price_eur", 0), ("terms__in", ["free", "quota"])),
                    models.Q(("paid_units__gt", 0), ("price_eur__gte", 0), ("terms", "cofunded")),
                    models.Q(
                        ("paid_units__gt", 0),
                        ("price_eur__gt", 0),
                        ("terms__in", ["preferential", "dsp"]),
                    ),
                    _connector="OR",
                ),
                name="quote_is_free_or_paid",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quota_units", 0), ("terms", "free")),
                    models.Q(
                        models.Q(("terms", "free"), _negated=True),
                        ("quota_units__gte", 0),
                        (
                            "units",
                            django.db.models.expressions.CombinedExpression(
                                models.F("quota_units"), "+", models.F("paid_units")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="quote_shares_make_the_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("cofunded_eur__gte", 0)), name="quote_cofunding_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at__isnull", False), ("state", "approved")),
                    models.Q(models.Q(("state", "approved"), _negated=True), ("approved_at", None)),
                    _connector="OR",
                ),
                name="rule_approved_has_an_instant",
            ),
        ),
        migrations.AddConstraint(
            model_name="ceiling",
            constraint=models.UniqueConstraint(
                fields=("version", "scope", "sensor", "category"), name="ceiling_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="ceiling",
            constraint=models.CheckConstraint(
                condition=models.Q(("most__gt", Decimal("0"))), name="ceiling_positive"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ceiling",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="8fd81dbfd164bf9517eea6c38a6590012650148a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_2971b",
                    table="orders_ceiling",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="contributoroffer",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor", "eur"), name="contributor_offer_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="contributoroffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__gt", 0), ("eur__gt", Decimal("0"))),
                name="contributor_offer_positive",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contributoroffer",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="a8d7c3a2901eb2a096fa49e53d99e038eea0f26a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f128c",
                    table="orders_contributoroffer",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="placerow",
            constraint=models.UniqueConstraint(
                fields=("version", "place"), name="place_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="placerow",
            constraint=models.UniqueConstraint(
                fields=("version", "rank"), name="place_rank_once_a_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="placerow",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("centre_lat", None), ("centre_lon", None), ("radius_km", None)),
                    models.Q(
                        ("centre_lat__gte", -90),
                        ("centre_lat__lte", 90),
                        ("centre_lon__gte", -180),
                        ("centre_lon__lte", 180),
                        ("radius_km__gt", 0),
                        ("radius_km__lte", 5000),
                    ),
                    _connector="OR",
                ),
                name="place_circle_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="placerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("place", "elsewhere"), _negated=True),
                name="place_elsewhere_is_the_rest",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placerow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="8a8f7f3ce3401661a940b8fa804d97ba99287837",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_f24d9",
                    table="orders_placerow",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleversionevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by_link", None), ("by_part", ""), ("by_user__isnull", False)),
                    models.Q(("by_link__isnull", False), ("by_part", ""), ("by_user", None)),
                    models.Q(
                        models.Q(("by_link", None), ("by_user", None)),
                        models.Q(("by_part", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="orders_ruleversionevent_has_one_actor",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ruleversionevent",
            trigger=pgtrigger.compiler.Trigger(
                name="rule_event_only_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="38d8ac599ce6a6c4837410c7ebd162ec87d895e4",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_rule_event_only_added_c1811",
                    table="orders_ruleversionevent",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrow",
            constraint=models.UniqueConstraint(
                fields=("version", "sensor", "kind"), name="unit_once_a_version"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="unitrow",
            trigger=pgtrigger.compiler.Trigger(
                name="only_in_a_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE found text;",
                    func="\n            IF TG_OP <> 'INSERT' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = OLD.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            IF TG_OP <> 'DELETE' THEN\n                SELECT state INTO found FROM orders_ruleversion WHERE id = NEW.version_id;\n                IF found <> 'draft' THEN\n                    RAISE EXCEPTION 'rules: the rows of a version change only in a draft'\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n            END IF;\n            RETURN OLD;\n        ",
                    hash="88d951d0073043e147e163f9a33320cf8bd0b92e",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_only_in_a_draft_30d71",
                    table="orders_unitrow",
                    when="BEFORE",
                ),
            ),
        ),
    ]
