"""The rows of the catalogue: open metadata, files behind a signature, the desk's scenes."""

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services.licences.licences import text_in_force
from tests.catalogue import lists
from tests.routes.table import (
    ABSENT,
    DESK,
    DONE,
    OWNER,
    PUBLIC,
    SIGNED_IN,
    Route,
    anyone,
    for_programs,
    only,
    signed_in,
)

NOTHING = 9_999_999
NO_KEY = "00000000-0000-4000-8000-000000000000"
# The park's researcher has signed for this product; the others of a member have not yet.
READER = only("other_researcher", researcher=409, referent=409, other_referent=409)
WITHOUT_SESSION = anyone(401)  # by key or token alone: a browser's person is nobody there
OPEN = signed_in()  # an open licence needs an account, no signature


def scene_list() -> SimpleUploadedFile:
    """An export of a search that names one scene."""
    return SimpleUploadedFile("search.geojson", lists.geojson(lists.feature(lists.TWO)))


STAC_OF_COLLECTION = (
    "stac_collection",
    "stac_collection_queryables",
    "stac_collection_aggregations",
    "stac_collection_aggregate",
)

ROUTES = [
    Route("catalogue", get=PUBLIC, post=PUBLIC, is_public=True),
    Route("catalogue_search", get=PUBLIC, post=PUBLIC, is_public=True),
    Route("catalogue_footprints", get=PUBLIC, is_public=True),
    Route("catalogue_places", get=PUBLIC, query=lambda w: "q=Cayenne", is_public=True),
    Route("catalogue_csv", get=PUBLIC, post=PUBLIC, is_public=True),
    Route("catalogue_geojson", get=PUBLIC, post=PUBLIC, is_public=True),
    Route("catalogue_kml", get=PUBLIC, post=PUBLIC, is_public=True),
    Route("catalogue_geoparquet", get=PUBLIC, post=PUBLIC, is_public=True),
    Route(
        "api_scenes_export",
        get=PUBLIC,
        post=PUBLIC,
        sent=lambda w: {"format": "kml", "bbox": [2, 48, 3, 49]},
        as_json=True,
        is_public=True,
        is_question=True,
    ),
    Route(
        "catalogue_area",
        post=anyone(DONE),
        sent=lambda w: {"west": "2", "south": "48", "east": "2.1", "north": "48.1"},
        is_public=True,
    ),
    Route(
        "catalogue_area",
        case="refused",
        post=anyone(422),
        sent=lambda w: {"text": "nonsense"},
        is_public=True,
    ),
    # Whoever knows an area's key may read it: it is how an area is passed on.
    Route("area_file", args=lambda w: [w.area.key], get=PUBLIC, is_public=True),
    Route("area_file", case="unknown", args=lambda w: [NO_KEY], get=ABSENT, is_public=True),
    # Another's area is copied into one's own library.
    Route(
        "area_keep",
        args=lambda w: [w.area.key],
        post=signed_in(DONE),
        sent=lambda w: {"name": "The coast"},
    ),
    Route(
        "area_keep",
        case="unknown",
        args=lambda w: [NO_KEY],
        post=only(others=404),
        sent=lambda w: {"name": "The coast"},
    ),
    Route(
        "area_let_go",
        args=lambda w: [w.area.key],
        absent=[NO_KEY],
        post=only("researcher", status=DONE, others=404),
    ),
    Route("scene", args=lambda w: [w.scene.item_id], get=PUBLIC, is_public=True),
    Route("scene", case="unknown", args=lambda w: ["DS_NOTHING"], get=ABSENT, is_public=True),
    Route("scene_quicklook", args=lambda w: [w.scene.item_id], get=PUBLIC, is_public=True),
    Route("scene_thumbnail", args=lambda w: [w.scene.item_id], get=PUBLIC, is_public=True),
    Route("product", args=lambda w: [w.product.pk], get=PUBLIC, is_public=True),
    Route(
        "product",
        case="withdrawn",
        args=lambda w: [w.withdrawn.pk],
        get=anyone(410),
        is_public=True,
    ),
    Route("product", case="unknown", args=lambda w: [NOTHING], get=ABSENT, is_public=True),
    Route("product_quicklook", args=lambda w: [w.product.pk], get=PUBLIC, is_public=True),
    Route("product_thumbnail", args=lambda w: [w.product.pk], get=PUBLIC, is_public=True),
    # Files: an account, the right, the signature.
    Route("product_file", args=lambda w: [w.product.pk, w.file.pk], get=READER),
    Route("product_file", case="open", args=lambda w: [w.open.pk, w.open_file.pk], get=OPEN),
    Route(
        "product_file",
        case="of another product",
        args=lambda w: [w.open.pk, w.file.pk],
        absent=[NOTHING, NOTHING],
        get=only(others=404),
    ),
    Route("product_archive", args=lambda w: [w.product.pk], get=READER),
    Route("product_checksums", args=lambda w: [w.product.pk], get=READER),
    Route("product_licence", args=lambda w: [w.product.pk], get=READER),
    Route(
        "product_use",
        args=lambda w: [w.product.pk],
        get=READER,
        post=READER | {"other_researcher": DONE},
        sent=lambda w: {"theme": "water", "use": "To measure lakes."},
    ),
    Route("desk_files", get=DESK),
    Route(
        "file_read_again",
        args=lambda w: [w.file.pk],
        post=only("desk", status=DONE),
    ),
    Route("desk_downloads", get=DESK),
    Route("desk_downloads_csv", get=DESK),
    Route(
        "pass_on",
        args=lambda w: [w.product.pk],
        get=READER,
        post=only(
            "other_researcher", status=DONE, researcher=409, referent=409, other_referent=409
        ),
        sent=lambda w: w.handing,
    ),
    Route("passed_on", get=signed_in()),
    Route(
        "passed_on_revoke",
        args=lambda w: [w.passing.pk],
        absent=[NOTHING],
        post=only("other_researcher", "other_referent", "desk", status=DONE, others=404),
        sent=lambda w: {"reason": "Sent to the wrong person."},
    ),
    # The receiver needs no account: the link mailed is the key.
    Route(
        "receive",
        args=lambda w: [w.receives],
        get=PUBLIC,
        post=anyone(),
        sent=lambda w: {"accept": "on", "shown": text_in_force("pleiades", "en").sha256},
        is_public=True,
    ),
    Route(
        "receive",
        case="unknown",
        args=lambda w: ["nothing"],
        get=ABSENT,
        post=ABSENT,
        is_public=True,
    ),
    Route(
        "product_withdraw",
        args=lambda w: [w.product.pk],
        post=only("desk", status=DONE),
        sent=lambda w: {"reason": "Delivered twice."},
    ),
    # Saved searches are their person's alone; the feed's address is its own key.
    Route("saved_searches", get=SIGNED_IN),
    Route(
        "search_new",
        query=lambda w: "q=DS_X",
        get=SIGNED_IN,
        post=signed_in(DONE),
        sent=lambda w: {"name": "Here", "q": "DS_X"},
    ),
    Route("saved_search", args=lambda w: [w.search.key], absent=[NO_KEY], get=OWNER),
    *(
        Route(
            name,
            args=lambda w: [w.search.key],
            absent=[NO_KEY],
            post=only("researcher", status=DONE, others=404),
        )
        for name in ("search_pause", "search_resume", "search_delete")
    ),
    Route("search_feed", args=lambda w: [w.search.key], get=PUBLIC, is_public=True),
    Route("search_feed", case="unknown", args=lambda w: [NO_KEY], get=ABSENT, is_public=True),
    Route(
        "api_searches",
        get=for_programs(SIGNED_IN),
        post=for_programs(signed_in(201)),
        sent=lambda w: {"name": "Here", "search": {"q": "spot"}},
        as_json=True,
    ),
    Route(
        "api_search",
        args=lambda w: [w.search.key],
        absent=[NO_KEY],
        get=for_programs(OWNER),
        as_json=True,
    ),
    *(
        Route(
            name,
            args=lambda w: [w.search.key],
            absent=[NO_KEY],
            post=for_programs(OWNER),
            as_json=True,
        )
        for name in ("api_search_pause", "api_search_resume")
    ),
    Route(
        "api_search_delete",
        args=lambda w: [w.search.key],
        absent=[NO_KEY],
        post=for_programs(only("researcher", status=204, others=404)),
        as_json=True,
    ),
    # Programs.
    Route("signing", get=PUBLIC, as_json=True, is_public=True),
    Route("signing_openapi", get=PUBLIC, as_json=True, is_public=True),
    # Only what stands in a header counts: no session, whosever it is.
    *(
        Route(name, get=anyone(401), as_json=True, is_public=True)
        for name in ("create_api_key", "list_api_keys", "revoke_api_key")
    ),
    Route("sign_urls", post=for_programs(READER), sent=lambda w: {"urls": [w.href]}, as_json=True),
    # Deliveries handed in: the desk's; what is written needs the signed address alone.
    Route(
        "sign_urls_put",
        post=for_programs(only("desk")),
        sent=lambda w: {"urls": ["https://elsewhere.example/a.zip"]},
        as_json=True,
    ),
    Route(
        "inbox_file",
        args=lambda w: ["airbus/a.zip"],
        more={"PUT": anyone(403)},
        sent=lambda w: {},
        as_json=True,
        is_public=True,
    ),
    # STAC: footprints and figures are open to all.
    *(
        Route(name, get=PUBLIC, as_json=True, is_public=True)
        for name in (
            "stac",
            "stac_conformance",
            "stac_queryables",
            "stac_children",
            "stac_aggregations",
            "stac_openapi",
            "stac_collections",
        )
    ),
    *(
        Route(name, get=PUBLIC, post=PUBLIC, as_json=True, is_public=True, is_question=True)
        for name in ("stac_search", "stac_aggregate")
    ),
    *(
        Route(name, args=lambda w: ["pleiades"], get=PUBLIC, as_json=True, is_public=True)
        for name in STAC_OF_COLLECTION
    ),
    *(
        Route(
            name, case="unknown", args=lambda w: ["none"], get=ABSENT, as_json=True, is_public=True
        )
        for name in STAC_OF_COLLECTION
    ),
    Route(
        "stac_items",
        args=lambda w: ["pleiades"],
        get=PUBLIC,
        post=WITHOUT_SESSION,
        as_json=True,
        is_public=True,
    ),
    Route(
        "stac_item",
        args=lambda w: ["pleiades", w.scene.item_id],
        get=PUBLIC,
        more=dict.fromkeys(("PUT", "PATCH", "DELETE"), WITHOUT_SESSION),
        as_json=True,
        is_public=True,
    ),
    Route(
        "stac_item",
        case="unknown",
        args=lambda w: ["pleiades", "none"],
        get=ABSENT,
        more=dict.fromkeys(("PUT", "PATCH", "DELETE"), WITHOUT_SESSION),
        as_json=True,
        is_public=True,
    ),
    # The link is the key; a session of somebody else's closes it.
    Route(
        "signed_file",
        args=lambda w: w.link,
        get=anyone(403, anonymous=200, other_researcher=200, other_referent=403),
        is_public=True,
    ),
    Route(
        "signed_file",
        case="altered",
        args=lambda w: ["altered", w.link[1]],
        get=anyone(403),
        is_public=True,
    ),
    Route("api_product", args=lambda w: [w.product.pk], get=PUBLIC, as_json=True, is_public=True),
    Route(
        "api_product",
        case="unknown",
        args=lambda w: [NOTHING],
        get=ABSENT,
        as_json=True,
        is_public=True,
    ),
    # The desk.
    Route(
        "desk_scene_imports",
        get=DESK,
        post=only("desk", status=DONE),
        sent=lambda w: {"file": scene_list()},
    ),
    Route(
        "desk_scene_search",
        get=DESK,
        post=only("desk", status=409),
        sent=lambda w: {
            "area": "5.1,43.1,5.3,43.3",
            "begins_on": "2021-01-01",
            "ends_on": "2021-12-31",
        },
    ),
    Route("desk_scene_import", args=lambda w: [w.scene_list.key], get=DESK),
    Route(
        "scene_import_step",
        args=lambda w: [w.scene_list.key, "write"],
        post=only("desk", status=DONE),
    ),
    Route(
        "api_scene_lists",
        get=for_programs(DESK),
        post=for_programs(only("desk", status=201)),
        sent=lambda w: {"name": "search.geojson", "text": scene_list().read().decode()},
        as_json=True,
    ),
    Route(
        "api_scene_list_search",
        post=for_programs(only("desk", status=409)),
        sent=lambda w: {
            "area": "5.1,43.1,5.3,43.3",
            "begins_on": "2021-01-01",
            "ends_on": "2021-12-31",
        },
        as_json=True,
    ),
    *(
        Route(
            name,
            args=lambda w: [w.scene_list.key],
            get=for_programs(DESK),
            as_json=True,
        )
        for name in ("api_scene_list", "api_scene_list_lines")
    ),
    Route(
        "api_scene_list_step",
        args=lambda w: [w.scene_list.key, "write"],
        post=for_programs(only("desk")),
        as_json=True,
    ),
    Route(
        "scene_withdraw",
        args=lambda w: [w.lone_scene.item_id],
        post=only("desk", status=DONE),
        sent=lambda w: {"reason": "Never taken."},
    ),
    Route(
        "scene_put_back",
        args=lambda w: [w.withdrawn_scene.item_id],
        post=only("desk", status=DONE),
    ),
    Route(
        "product_embargo",
        args=lambda w: [w.product.pk],
        post=only("desk", status=DONE),
        sent=lambda w: {"until": "2999-01-01", "reason": "A thesis is under way."},
    ),
    Route(
        "product_embargo_lift",
        args=lambda w: [w.kept_product.pk],
        post=only("desk", status=DONE),
    ),
    Route("product_optimise", args=lambda w: [w.product.pk], post=only("desk", status=DONE)),
    Route("desk_scenes", get=DESK),
    Route(
        "desk_scene",
        args=lambda w: [w.unknown_scene.item_id],
        get=DESK,
        post=only("desk", status=DONE),
        sent=lambda w: {
            "footprint": "-52.4,4.8,-52.2,5.0",
            "footprint_source": "supplier",
            "stereo": "mono",
            "cloud_cover": "4",
        },
    ),
    Route(
        "desk_scene",
        case="unknown",
        args=lambda w: ["DS_NOTHING"],
        get=only("desk", status=404),
        post=only("desk", status=404),
    ),
]
