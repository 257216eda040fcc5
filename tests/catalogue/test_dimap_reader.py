"""Deliveries read whole: what is told, what is noted, what refuses."""

from datetime import UTC, datetime

import pytest

from catalogue.dimap.facts import Level, Role
from catalogue.dimap.reader import identifiers_of, read_tree
from catalogue.samples.delivery import make_volume
from catalogue.samples.documents import Order
from catalogue.samples.scene import Fault, SampleScene
from dinamis.errors import Invalid, Refused, TooLarge
from dinamis.geo import area_km2
from tests.catalogue.deliveries import CENTRE, NEO, PLEIADES, REAL, SPOT, codes, make


def refusal(root):
    with pytest.raises(Refused) as refused:
        read_tree(root)
    return refused.value


def test_a_pleiades_bundle_is_read_with_its_figures(tmp_path):
    facts = read_tree(make(tmp_path, products=("P", "MS"), cloud=66.9))
    sharp, colour = sorted(facts.products, key=lambda product: product.spectral, reverse=True)
    assert (sharp.spectral, colour.spectral) == ("P", "MS")
    assert sharp.platform == colour.platform == "PHR1A"
    assert sharp.acquired_at == datetime(2019, 10, 28, 14, 10, 11, 900_000, tzinfo=UTC)
    assert sharp.acquired_from == "imaging"
    assert sharp.level == Level.ORTHO
    assert (sharp.resolution_m, colour.resolution_m) == (0.5, 2.0)
    assert (sharp.bands, colour.bands) == (("P",), ("B2", "B1", "B0", "B3"))
    assert (sharp.bits, sharp.image_format, sharp.epsg) == (12, "JP2", 32622)
    assert sharp.scene_identifier == PLEIADES
    # The two products of one acquisition disagree, as real ones do (66.9 and 68.32 %).
    assert (sharp.cloud_cover, colour.cloud_cover) == (66.9, pytest.approx(68.32, abs=0.01))
    assert len(facts.acquisitions) == 1
    assert next(iter(facts.acquisitions.values()))[0] is colour
    assert codes(facts) == []


def test_the_strip_is_a_name_of_the_image_but_not_the_scenes(tmp_path):
    (product,) = read_tree(make(tmp_path)).products
    assert product.dataset_name == PLEIADES
    assert product.source_ids == ("DS_PHR1A_201910281410119_FR1_PX_W053N04_0922_01463",)
    assert product.identifiers[:2] == (PLEIADES, PLEIADES[3:])
    assert product.source_ids[0] in product.identifiers


def test_a_spot_delivery_is_named_by_its_source_and_hides_three_volumes_deep(tmp_path):
    facts = read_tree(make(tmp_path, identifier=SPOT, size_km=(30, 40)))
    (product,) = facts.products
    assert product.folder == "PROD_SPOT6_001/VOL_SPOT6_001_A/IMG_SPOT6_PMS_001_A"
    assert product.dataset_name == "ORT_SPOT6_20201214_141524000_000"
    assert product.scene_identifier == SPOT
    assert product.platform == "SPOT6"
    assert len(facts.volumes) == 3
    assert codes(facts) == []


@pytest.mark.parametrize("level", [Level.PRIMARY, Level.PROJECTED, Level.ORTHO])
@pytest.mark.parametrize(
    ("identifier", "platform", "metres"),
    [(PLEIADES, "PHR1A", 0.5), (SPOT, "SPOT6", 1.5), (SPOT.replace("SPOT6", "SPOT7"), "SPOT7", 1.5),
     (NEO, "PNEO4", 0.3)],
)  # fmt: skip
def test_every_family_is_read_at_every_level(tmp_path, identifier, platform, metres, level):
    facts = read_tree(make(tmp_path, identifier=identifier, level=level, products=("P", "MS")))
    sharp, colour = sorted(facts.products, key=lambda product: product.resolution_m)
    assert {sharp.platform, colour.platform} == {platform}
    assert {sharp.level, colour.level} == {level}
    assert (sharp.resolution_m, colour.resolution_m) == (metres, 4 * metres)
    assert len(facts.acquisitions) == 1
    assert (sharp.rpc is not None) == (level == Level.PRIMARY)
    assert sharp.scene_identifier == identifier
    assert codes(facts) == []


@pytest.mark.parametrize(("identifier", "stated"), [(PLEIADES, 12.4), (SPOT, 12.4)])
def test_angles_are_those_of_the_centre_among_three_or_nine(tmp_path, identifier, stated):
    (product,) = read_tree(make(tmp_path, identifier=identifier)).products
    angles = product.angles
    assert angles.incidence == stated
    assert (angles.incidence_along, angles.incidence_across) == (-4.1, -11.7)
    assert (angles.viewing, angles.viewing_along, angles.viewing_across) == (11.1, 3.6, 10.5)
    assert (angles.orientation, angles.sun_azimuth, angles.sun_elevation) == (180.02, 138.6, 64.2)


def test_the_footprint_is_the_region_with_pixels_and_has_the_stated_area(tmp_path):
    (product,) = read_tree(make(tmp_path)).products
    assert product.footprint_from == "roi"
    assert float(area_km2(product.footprint)) == pytest.approx(product.surface_km2, rel=0.001)
    assert product.surface_km2 == pytest.approx(400.1, abs=0.2)
    frame = [(corner.lon, corner.lat) for corner in product.corners]
    assert len(frame) == 4
    assert (product.corners[0].col, product.corners[0].row) == (1, 1)


def test_masks_in_pixels_are_laid_on_the_frame(tmp_path):
    (product,) = read_tree(make(tmp_path, level=Level.PRIMARY, cloud=30)).products
    assert product.level == Level.PRIMARY
    assert product.rpc is not None
    assert float(area_km2(product.footprint)) == pytest.approx(400.1, rel=0.03)
    covered = float(area_km2(product.clouds)) / float(area_km2(product.footprint))
    assert covered == pytest.approx(0.30, abs=0.06)


def test_the_snow_mask_is_read_beside_the_cloud_mask(tmp_path):
    root = make(tmp_path)
    (cloud,) = root.glob("IMG_*/MASKS/CLD_*.GML")
    (snow,) = root.glob("IMG_*/MASKS/SNW_*.GML")
    snow.write_text(cloud.read_text())
    (product,) = read_tree(root).products
    assert not product.snow.is_empty
    assert product.snow.equals(product.clouds)


def test_rings_are_not_closed_in_real_files_and_closing_is_noted(tmp_path):
    open_ring = read_tree(make(tmp_path / "open"))
    closed_ring = read_tree(make(tmp_path / "closed", Fault.CLOSED_RING))
    assert "ring_closed" in {note.code for note in open_ring.notes}
    assert "ring_closed" not in {note.code for note in closed_ring.notes}
    assert open_ring.products[0].corners == closed_ring.products[0].corners


def test_a_centre_listed_as_a_vertex_does_not_notch_the_frame(tmp_path):
    facts = read_tree(make(tmp_path, Fault.EXTRA_VERTEX, identifier=SPOT))
    assert "vertex_dropped" in codes(facts)


def test_no_cloud_figure_is_unknown_and_not_zero(tmp_path):
    facts = read_tree(make(tmp_path, Fault.NO_CLOUD_FIGURE))
    assert facts.products[0].cloud_cover is None
    assert facts.products[0].snow_cover == 0.0
    assert codes(facts) == ["no_cloud_figure"]


@pytest.mark.parametrize(("cloud", "snow"), [(100.0, 0.0), (0.0, 99.28)])
def test_all_cloud_and_all_snow_are_figures_like_others(tmp_path, cloud, snow):
    (product,) = read_tree(make(tmp_path, cloud=cloud, snow=snow)).products
    assert (product.cloud_cover, product.snow_cover) == (cloud, snow)


def test_a_date_that_only_the_name_tells_is_taken_and_noted(tmp_path):
    facts = read_tree(make(tmp_path, Fault.NO_DATE))
    (product,) = facts.products
    assert product.acquired_from == "name"
    assert product.acquired_at == datetime(2019, 10, 28, 14, 10, 11, 900_000, tzinfo=UTC)
    assert codes(facts) == ["date_from_name"]


def test_a_delivery_without_a_volume_file_is_read_and_noted(tmp_path):
    facts = read_tree(make(tmp_path, Fault.NO_VOLUME, products=("P", "MS")))
    assert len(facts.products) == 2
    assert facts.volumes == ()
    assert codes(facts) == ["no_volume"]


def test_a_product_that_the_volume_does_not_list_is_read_and_noted(tmp_path):
    facts = read_tree(make(tmp_path, Fault.UNLISTED_PRODUCT, products=("P", "MS")))
    assert len(facts.products) == 2
    assert codes(facts) == ["not_listed"]


def test_several_acquisitions_in_one_volume_stay_apart_and_hint_at_stereo(tmp_path):
    later = PLEIADES.replace("201910281410119", "201910281411029").replace("_01426", "_01500")
    another_day = PLEIADES.replace("20191028", "20191101")
    scenes = [
        SampleScene(identifier, CENTRE, seed=seed)
        for seed, identifier in enumerate((PLEIADES, later, another_day))
    ]
    facts = read_tree(make_volume(tmp_path, scenes, pixels=64))
    assert sorted(facts.acquisitions) == sorted([PLEIADES, later, another_day])
    assert facts.stereo == (tuple(sorted([PLEIADES, later])),)
    owned = {file.product for file in facts.files if file.role == Role.IMAGE}
    assert owned == {0, 1, 2}


def test_three_views_of_one_pass_in_one_volume_are_hinted_as_one_group(tmp_path):
    views = [
        PLEIADES.replace("201910281410119", stamp).replace("_01426", f"_0142{number}")
        for number, stamp in enumerate(("201910281410119", "201910281410419", "201910281411119"))
    ]
    scenes = [SampleScene(view, CENTRE, seed=seed) for seed, view in enumerate(views)]
    facts = read_tree(make_volume(tmp_path, scenes, products=("P", "MS"), pixels=64))
    assert len(facts.products) == 6
    assert facts.stereo == (tuple(sorted(views)),)


@pytest.mark.parametrize(
    ("fault", "code", "named"),
    [
        (Fault.MISSING_TILE, "missing_tile", "_R1C1.JP2"),
        (Fault.EMPTY_TILE, "empty_tile", "_R1C1.JP2"),
        (Fault.MISSING_METADATA, "missing_metadata", "DIM_PHR1A_PMS"),
        (Fault.UNDESCRIBED_IMAGE, "missing_metadata", "DIM_"),
        (Fault.OUTSIDE_REFERENCE, "outside_reference", "../outside/IMG.JP2"),
        (Fault.ABSOLUTE_REFERENCE, "outside_reference", "/etc/passwd"),
        (Fault.NETWORK_REFERENCE, "outside_reference", "/vsicurl/"),
        (Fault.LINKED_TILE, "not_a_plain_file", "_R1C1.JP2"),
        (Fault.ENTITY, "xml_forbidden", "DIM_PHR1A_PMS"),
    ],
)
def test_a_faulty_delivery_is_refused_with_the_file_named(tmp_path, fault, code, named):
    refused = refusal(make(tmp_path, fault))
    assert refused.code == code
    assert isinstance(refused, Invalid)
    assert any(named in str(value) for value in refused.details.values())
    assert named in str(refused.sentence)


@pytest.mark.parametrize(
    "href",
    ["..\\outside.JP2", "C:\\x.JP2", "file:///etc/passwd", "http://127.0.0.1:9/x.TIF", "%2e%2e/x",
     "a/../../x", "/vsizip/x.zip/y", "\\\\host\\x", ""],
)  # fmt: skip
def test_no_way_of_writing_an_href_leads_out(tmp_path, href):
    root = make(tmp_path)
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    text = metadata.read_text()
    name = next(root.glob("IMG_*/IMG_*.JP2")).name
    metadata.write_text(text.replace(f'href="{name}"', f'href="{href}"'))
    assert refusal(root).code == "outside_reference"


@pytest.mark.parametrize(
    ("fault", "code", "level"),
    [
        (Fault.MISSING_PREVIEW, "missing_preview", Level.ORTHO),
        (Fault.MISSING_ICON, "missing_icon", Level.ORTHO),
        (Fault.MISSING_MASK, "missing_mask", Level.ORTHO),
        (Fault.MISSING_STYLE, "missing_style", Level.ORTHO),
        (Fault.MISSING_RPC, "missing_rpc", Level.PRIMARY),
    ],
)
def test_what_a_delivery_can_do_without_is_noted(tmp_path, fault, code, level):
    facts = read_tree(make(tmp_path, fault, level=level))
    assert codes(facts) == [code]
    assert len(facts.products) == 1


def test_a_grid_of_tiles_is_read_with_the_size_each_must_have(tmp_path):
    (product,) = read_tree(make(tmp_path, tiles=(2, 2), image_format="TIF", pixels=97)).products
    raster = product.raster
    assert [(tile.row, tile.col) for tile in raster.tiles] == [(1, 1), (1, 2), (2, 1), (2, 2)]
    sizes = [raster.expected_size(tile) for tile in raster.tiles]
    assert sizes[0][0] + sizes[1][0] == raster.cols
    assert sizes[0][1] + sizes[2][1] == raster.rows
    assert product.image_format == "TIF"


def test_one_missing_tile_of_several_refuses(tmp_path):
    refused = refusal(make(tmp_path, Fault.MISSING_TILE, tiles=(2, 2)))
    assert refused.code == "missing_tile"
    assert refused.details["tile"].endswith("_R2C2.JP2")


def test_names_in_other_letters_than_the_disks_are_found(tmp_path):
    facts = read_tree(make(tmp_path, Fault.WINDOWS_NAMES))
    assert facts.products[0].raster.tiles[0].path.endswith("_R1C1.JP2")


def test_every_file_has_a_role_and_a_size(tmp_path):
    root = make(tmp_path)
    facts = read_tree(root)
    on_disk = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert {file.path for file in facts.files} == on_disk
    assert facts.size == sum((root / file.path).stat().st_size for file in facts.files)
    roles = [file.role for file in facts.files]
    for role in (Role.VOLUME, Role.METADATA, Role.IMAGE, Role.PREVIEW, Role.ICON, Role.KMZ):
        assert roles.count(role) == 1
    assert roles.count(Role.MASK) == 7
    assert Role.OTHER not in roles


def test_references_of_the_order_are_gathered_from_everywhere(tmp_path):
    folder = tmp_path / f"CLIENT_SO26054557-9-01_{PLEIADES}-F-O"
    make(folder, order=Order(customer="DIN-2026-000123", commercial="SO26054557"))
    facts = read_tree(folder)
    found = {(reference.kind, reference.value) for reference in facts.references}
    assert ("customer_reference", "DIN-2026-000123") in found
    assert ("commercial_reference", "SO26054557") in found
    assert ("job_id", "5897098101-1") in found
    assert PLEIADES in identifiers_of(facts)
    assert len(found) == len(facts.references)


def test_metadata_longer_than_metadata_ever_is_refuses(tmp_path):
    root = make(tmp_path)
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    with metadata.open("ab") as opened:
        opened.write(b"<!--" + b" " * (20 * 1024 * 1024) + b"-->")
    refused = refusal(root)
    assert isinstance(refused, TooLarge)
    assert refused.code == "xml_too_large"


def test_broken_metadata_refuses_and_a_broken_mask_is_noted(tmp_path):
    root = make(tmp_path)
    (mask,) = root.glob("IMG_*/MASKS/ROI_*.GML")
    mask.write_text("<not closed")
    facts = read_tree(root)
    assert codes(facts) == ["area_differs", "mask_unusable"]
    assert facts.products[0].footprint_from == "extent"
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    metadata.write_text("<not closed")
    assert refusal(root).code == "xml_broken"


def test_an_empty_folder_and_no_folder_are_told_apart(tmp_path):
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty").code == "no_product"
    assert refusal(tmp_path / "absent").code == "no_folder"


def test_a_satellite_that_is_not_ours_refuses(tmp_path):
    root = make(tmp_path)
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    text = metadata.read_text().replace("<MISSION>PHR</MISSION>", "<MISSION>PER</MISSION>")
    metadata.write_text(text)
    refused = refusal(root)
    assert (refused.code, refused.details["platform"]) == ("unknown_platform", "PER1A")


def test_figures_that_are_no_figures_are_unknown_and_noted(tmp_path):
    root = make(tmp_path)
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    text = metadata.read_text().replace(">8</CLOUD_COVERAGE>", ">NaN</CLOUD_COVERAGE>")
    metadata.write_text(text.replace('"square km">', '"square km">about '))
    facts = read_tree(root)
    assert (facts.products[0].cloud_cover, facts.products[0].surface_km2) == (None, None)
    assert codes(facts) == ["bad_value", "no_cloud_figure"]


def test_the_older_schema_says_little_and_nothing_is_invented(tmp_path):
    root = tmp_path / "older"
    root.mkdir()
    (root / "IMG_R1C1.JP2").write_bytes(b"\0" * 64)
    (root / "PHRDIMAP_P1BP--2017030824934340CP.XML").write_text(OLDER)
    facts = read_tree(root)
    (product,) = facts.products
    assert product.platform == "PHR1B"
    assert product.acquired_at == datetime(2017, 3, 8, 6, 54, 57, 300_000, tzinfo=UTC)
    assert product.acquired_from == "name"
    assert (product.spectral, product.level, product.resolution_m) == ("P", Level.PRIMARY, 0.5)
    assert (product.cloud_cover, product.surface_km2, product.angles.incidence) == (None,) * 3
    assert product.footprint is not None
    assert "older_schema" in codes(facts)


STRIP = """<Dimap_Document><Ephemeris_Configuration><ACQUISITION_ORBIT_NUMBER>{}</ACQUISITION_ORBIT_NUMBER>
<ACQUISITION_ORBIT_DIRECTION>DESCENDING</ACQUISITION_ORBIT_DIRECTION></Ephemeris_Configuration></Dimap_Document>"""


@pytest.mark.parametrize(
    ("number", "orbit"),
    [
        ("305", ("descending", 305)),
        ("27412", ("descending", None)),
        ("ORBIT", ("descending", None)),
    ],
)
def test_the_orbit_is_told_by_the_strip_and_its_number_only_within_the_cycle(
    tmp_path, number, orbit
):
    root = make(tmp_path)
    (metadata,) = root.glob("IMG_*/DIM_*.XML")
    assert (
        read_tree(root).products[0].orbit_state,
        read_tree(root).products[0].relative_orbit,
    ) == (
        "",
        None,
    )
    strip = metadata.with_name("STRIP_PHR1A_DIM.XML")
    strip.write_text(STRIP.format(number))
    (product,) = read_tree(root).products
    assert (product.orbit_state, product.relative_orbit) == orbit
    strip.write_text("<not closed")
    facts = read_tree(root)
    assert facts.products[0].relative_orbit is None
    assert codes(facts) == ["strip_unreadable"]


def test_real_files_of_the_older_schema_are_read_when_they_are_here(tmp_path):
    for source in sorted(REAL.glob("shareloc/rpc/PHRDIMAP_*.XML")):
        root = tmp_path / source.stem
        root.mkdir()
        (root / source.name).write_bytes(source.read_bytes())
        (root / "IMG_R1C1.JP2").write_bytes(b"\0" * 64)
        (product,) = read_tree(root).products
        assert product.platform == "PHR1B"
        assert product.acquired_from == "name"
        assert product.scene_identifier.startswith("DS_PHR1B_")
        assert product.orbit_state == "descending"
        assert product.relative_orbit in (305, 45)
        assert product.cloud_cover is None
        assert float(area_km2(product.footprint)) > 100


def test_gdals_anonymised_products_are_read_or_refused_for_what_they_lack(tmp_path):
    assert refusal(tmp_path).code == "no_product"
    expected = {
        "dimap2/bundle": 2,
        "dimap2/single_component": 1,
        "dimap2/primary_rpc_center_h": 1,
        "dimap2/vhr2020_ms_fs": "missing_metadata",  # its VOL lists a PAN that GDAL left out
        "dimap": 1,
        "jpeg2000": "no_image",
    }
    for name, outcome in expected.items():
        root = REAL / "gdal" / name
        if not root.is_dir():
            continue
        if isinstance(outcome, str):
            assert refusal(root).code == outcome
        else:
            facts = read_tree(root)
            assert len(facts.products) == outcome
            assert all(product.cloud_cover is None for product in facts.products)


def test_the_real_pleiades_neo_product_is_read_once_its_missing_neighbour_is_unlisted(tmp_path):
    source = REAL / "gdal/dimap2/vhr2020_ms_fs/MS-FS"
    names = sorted(path.name for path in source.glob("*.*"))
    for name in names:
        (tmp_path / name).write_bytes((source / name).read_bytes())
    if not names:
        return
    facts = read_tree(tmp_path)
    (product,) = facts.products
    assert product.platform == "PNEO4"
    assert product.acquired_at == datetime(2017, 4, 12, 11, 6, 1, 900_000, tzinfo=UTC)
    assert (product.spectral, product.resolution_m) == ("MS-FS", 1.2)
    assert product.bands == ("R", "G", "B", "RE", "DB", "NIR")
    assert product.cloud_cover == 77.98127298818147
    assert product.surface_km2 == pytest.approx(2.2754197)
    assert float(area_km2(product.footprint)) == pytest.approx(2.28, abs=0.01)
    assert product.scene_identifier == "DS_PNEO4_201704121106009_PS1_FR1_FR1_E005N46_004192"
    assert product.angles.incidence == pytest.approx(11.1, abs=0.2)
    assert "vertex_dropped" in codes(facts)


OLDER = """<?xml version="1.0" encoding="UTF-8"?>
<PHR_Dimap_Document>
  <Metadata_Identification><METADATA_FORMAT>DIMAP_PHR</METADATA_FORMAT></Metadata_Identification>
  <Dataset_Identification>
    <DATASET_NAME>DS_PHR1B_201703080654573_FR1_PX_E057N22_0501_02239</DATASET_NAME>
    <DATASET_QL_PATH href="PREVIEW.JPG"/>
  </Dataset_Identification>
  <Coordinate_Reference_System><Horizontal_CS><HORIZONTAL_CS_NAME>WGS84</HORIZONTAL_CS_NAME>
    <HORIZONTAL_CS_CODE>EPSG:4326</HORIZONTAL_CS_CODE></Horizontal_CS></Coordinate_Reference_System>
  <Product_Frame><Dataset_Frame>
    <Vertex><LON>57.2</LON><LAT>21.9</LAT><COL>1</COL><ROW>1</ROW></Vertex>
    <Vertex><LON>57.2</LON><LAT>22.1</LAT><COL>39951</COL><ROW>1</ROW></Vertex>
    <Vertex><LON>57.4</LON><LAT>22.1</LAT><COL>39951</COL><ROW>49826</ROW></Vertex>
    <Vertex><LON>57.4</LON><LAT>21.9</LAT><COL>1</COL><ROW>49826</ROW></Vertex>
  </Dataset_Frame></Product_Frame>
  <Product_Characteristics><PROCESSING_LEVEL>SENSOR</PROCESSING_LEVEL>
    <Product_Image_Characteristics><SPECTRAL_PROCESSING>PA</SPECTRAL_PROCESSING>
    <THEORETICAL_RESOLUTION unit="m">0.5</THEORETICAL_RESOLUTION>
    <Data_Access><DATA_FILE_FORMAT>image/jp2</DATA_FILE_FORMAT>
    <Data_File><DATA_FILE_PATH>IMG_R1C1.JP2</DATA_FILE_PATH></Data_File></Data_Access>
    </Product_Image_Characteristics></Product_Characteristics>
  <Raster_Dimensions><NROWS>49826</NROWS><NCOLS>39951</NCOLS><NBANDS>1</NBANDS></Raster_Dimensions>
  <Data_Strip><Data_Strip_Identification>
    <DATA_STRIP_ID>DS_PHR1B_201703080655343_FR1_PX_E057N22_0501_02316</DATA_STRIP_ID>
    <PLATFORM_NAME>PHR</PLATFORM_NAME><PLATFORM_SERIAL_NUMBER>1B</PLATFORM_SERIAL_NUMBER>
  </Data_Strip_Identification></Data_Strip>
</PHR_Dimap_Document>
"""
