"""The statements of the walk through the windows of time: see windows.py for what asks them.

They have {where} for conditions, and values by name. What they read of an index is never a surprise:
(footprint, datetime) over a place, (platform, collection, datetime, id) anywhere.
"""

# Jumps from one (platform, collection) to the next one in the index: some dozen looks in all.
SPANS = """
WITH RECURSIVE kinds AS (
  (SELECT s.platform_id, s.collection_id FROM catalogue_scene s
   ORDER BY s.platform_id, s.collection_id LIMIT 1)
  UNION ALL
  SELECT n.platform_id, n.collection_id FROM kinds k CROSS JOIN LATERAL (
    SELECT s.platform_id, s.collection_id FROM catalogue_scene s
    WHERE (s.platform_id, s.collection_id) > (k.platform_id, k.collection_id)
    ORDER BY s.platform_id, s.collection_id LIMIT 1
  ) n
)
SELECT k.platform_id, k.collection_id,
  (SELECT s.datetime FROM catalogue_scene s
   WHERE s.platform_id = k.platform_id AND s.collection_id = k.collection_id
   ORDER BY s.datetime, s.id LIMIT 1),
  (SELECT s.datetime FROM catalogue_scene s
   WHERE s.platform_id = k.platform_id AND s.collection_id = k.collection_id
   ORDER BY s.datetime DESC, s.id DESC LIMIT 1)
FROM kinds k
"""

# The window's ends: `y.month` counts months from the year 0.
_BEGINS = "make_timestamptz(y.month / 12, y.month %% 12 + 1, 1, 0, 0, 0, 'UTC')"
_ENDS = """make_timestamptz((y.month + %(months)s::int) / 12, (y.month + %(months)s::int) %% 12 + 1,
      1, 0, 0, 0, 'UTC')"""
_PARTS = {
    "{months}": """generate_series(%(first)s::int * %(months)s::int,
  %(last)s::int * %(months)s::int, -%(months)s::int) AS y(month)""",
    "{window}": f"s.datetime >= {_BEGINS} AND s.datetime < {_ENDS}",
    # One walk down the index for each satellite in each collection that has scenes in that window.
    "{kinds}": """unnest(%(of_platforms)s::varchar[], %(of_collections)s::varchar[],
    %(from_first)s::timestamptz[], %(to_last)s::timestamptz[]) AS k(platform, collection, first, last)""",
    "{of_kind}": f"""s.platform_id = k.platform AND s.collection_id = k.collection
    AND k.first < {_ENDS} AND k.last >= {_BEGINS}""",
}


def _whole(statement: str) -> str:
    for name, part in _PARTS.items():
        statement = statement.replace(name, part)
    return statement


def _upwards(statement: str) -> str:
    """From the oldest on: the same statement, read the other way by the same indexes."""
    return statement.replace("-%(months)s::int)", "%(months)s::int)").replace(" DESC", "")


_OVER_AREA = _whole("""
SELECT found.id, found.datetime::text FROM {months}
CROSS JOIN LATERAL (
  SELECT s.id, s.datetime FROM catalogue_scene s
  WHERE {window} AND {where}
  ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
) found
LIMIT %(limit)s
""")
_ANYWHERE = _whole("""
SELECT found.id, found.datetime::text FROM {months}
CROSS JOIN LATERAL (
  SELECT one.id, one.datetime FROM {kinds}
  CROSS JOIN LATERAL (
    SELECT s.id, s.datetime FROM catalogue_scene s
    WHERE {of_kind} AND {window} AND {where}
    ORDER BY s.datetime DESC, s.id DESC LIMIT %(limit)s
  ) one
  ORDER BY one.datetime DESC, one.id DESC LIMIT %(limit)s
) found
LIMIT %(limit)s
""")
_COUNT_OVER_AREA = _whole("""
SELECT count(*) FROM (
  SELECT FROM {months}
  CROSS JOIN LATERAL (
    SELECT FROM catalogue_scene s WHERE {window} AND {where} LIMIT %(limit)s
  ) found
  LIMIT %(limit)s
) part
""")
_COUNT_ANYWHERE = _whole("""
SELECT count(*) FROM (
  SELECT FROM {months}
  CROSS JOIN {kinds}
  CROSS JOIN LATERAL (
    SELECT FROM catalogue_scene s WHERE {of_kind} AND {window} AND {where} LIMIT %(limit)s
  ) found
  LIMIT %(limit)s
) part
""")

# By whether the conditions hold a place, and whether the oldest come first.
PAGES = {
    (True, False): _OVER_AREA,
    (True, True): _upwards(_OVER_AREA),
    (False, False): _ANYWHERE,
    (False, True): _upwards(_ANYWHERE),
}
COUNTS = {True: _COUNT_OVER_AREA, False: _COUNT_ANYWHERE}
