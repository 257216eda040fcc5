"""Every field of the room: whether it tells of a person, why it is kept, how long, what erasing does.

The words are those of dinamis/personal.py; tests/test_personal.py fails on a field without a line.
"""

from dinamis.personal import ACCOUNT, ACTOR, BY, HISTORY, WHEN, Personal
from dinamis.personal import lines as _all

# An area of interest says what somebody works on, sometimes where they live: it is theirs alone.
_PLACE = Personal("place", "to search and to order over it", ACCOUNT, "deleted with its owner")
_NAME = Personal("place", "to find it again in one's library", ACCOUNT, "deleted with its owner")
_RECEIVER = Personal(
    "identity", "to ask the receiver of a product to sign, and to end", HISTORY, "blanked"
)
# A history: never changed; it names the work, not the person.
_USE = Personal(
    "professional", "to report what public images serve, as the licence asks", HISTORY, "stays"
)

CLASSIFICATION: dict[str, dict[str, Personal]] = {
    "Sensor": _all("code name_fr name_en family unit scene_equivalent_km2 order"),
    "Theme": _all("code name_fr name_en order is_offered"),
    "Platform": _all(
        "code sensor collection name resolution_m swath_km in_service_from in_service_to"
    ),
    "Collection": _all(
        "code title_fr title_en description_fr description_en credit licence is_demonstration"
    ),
    "Scene": _all(
        "id item_id platform collection datetime cloud_cover snow_cover incidence incidence_along "
        "incidence_across viewing viewing_along viewing_across orientation sun_azimuth "
        "sun_elevation orbit_state relative_orbit resolution_m stereo stereo_key base_height "
        "centre_lon centre_lat footprint "
        "footprint_source completeness quicklook quicklook_corners quicklook_credit withdrawn_at "
        "withdrawn_reason added_at"
    ),
    "SceneEvent": _all("id scene kind facts") | {"at": WHEN} | ACTOR,
    "SceneLoad": _all("id source kind sha256 ended_at read new changed unchanged kept refused")
    | {"started_at": WHEN}
    | ACTOR,
    "Identifier": _all("id value scene product"),
    "SavedArea": _all("id key is_kept")
    | {"owner": BY, "name": _NAME, "geometry": _PLACE, "area_km2": _PLACE, "made_at": WHEN},
    "SavedSearch": _all("id key since seen paused_at")
    | {"owner": BY, "name": _NAME, "search": _PLACE, "address": _PLACE, "made_at": WHEN},
    "SearchHit": _all("id search scene kind at told_at"),
    "Product": _all(
        "id scene title delivery_key level spectral bands bits image_format epsg resolution_m "
        "cloud_cover footprint clouds snow area_km2 licence state state_reason published_at "
        "produced_at embargo_until embargo_for notes quicklook thumbnail quicklook_corners"
    )
    | ACTOR,
    "Passing": _all(
        "id product organisation receiver body language order_reference ends_on signature state "
        "state_since due_at"
    )
    | {"name": _RECEIVER, "email": _RECEIVER, "use": _RECEIVER}
    | ACTOR,
    "PassingEvent": _all("id passing step source target reason at") | ACTOR,
    "ProductFile": _all(
        "id product name role size sha256 storage_name hashed_at looked_at fault fault_at"
    ),
    "Conversion": _all(
        "id product state state_since due_at done total error asked_at claimed_until"
    )
    | ACTOR,
    "SceneImport": _all(
        "id key kind name digest question error state state_since due_at new changed unchanged refused made_at"
    )
    | ACTOR,
    "SceneImportRow": _all(
        "id scene_import number item_id outcome sentence after before scene is_done"
    ),
    "SceneImportEvent": _all("id scene_import step source target reason at") | ACTOR,
    "StatedUse": _all("id organisation project theme") | {"user": BY, "use": _USE, "said_at": WHEN},
    "Download": _all("id product file signature use how")
    | {
        "user": BY,
        "at": Personal("trace", "to account for the licence", HISTORY, "stays, without a name"),
    },
}
