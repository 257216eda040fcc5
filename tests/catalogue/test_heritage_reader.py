"""DIMAP V1, SPOT 1 to 5: what is told, what stays unsaid, what refuses."""

from datetime import UTC, datetime

import pytest

from catalogue.dimap.facts import Level, Role
from catalogue.dimap.reader import identifiers_of, read_tree
from catalogue.pictures.draw import draw
from catalogue.samples.heritage import HeritageScene, make_heritage
from dinamis.errors import Refused
from dinamis.geo import area_km2
from tests.catalogue.deliveries import REAL, codes


def refusal(root):
    with pytest.raises(Refused) as refused:
        read_tree(root)
    return refused.value


def test_a_scene_is_read_with_what_its_metadata_says(tmp_path):
    facts = read_tree(make_heritage(tmp_path))
    (product,) = facts.products
    assert (product.platform, product.level, product.spectral) == ("SPOT4", Level.PRIMARY, "P")
    assert product.acquired_at == datetime(2001, 11, 29, 10, 30, 43, tzinfo=UTC)
    assert product.acquired_from == "imaging"
    assert product.scene_identifier == "4048261011129103038" + "1M"
    assert product.dataset_name == "SCENE 4 048-261/5 01/11/29 10:30:38 1 M"
    assert (product.bits, product.resolution_m, product.bands) == (8, 10.0, ("PAN",))
    assert (product.raster.rows, product.raster.nodata) == (96, 0)
    assert product.angles.incidence == pytest.approx(-19.977978)
    assert product.angles.orientation == pytest.approx(9.769494)
    assert product.angles.sun_elevation == pytest.approx(23.545636)
    assert product.centre == (4.70, 43.89)
    assert float(area_km2(product.footprint)) == pytest.approx(2700, rel=0.1)
    assert facts.volumes == ("VOL_LIST.DIM",)
    assert codes(facts) == ["no_cloud_figure"]


def test_what_the_first_dimap_does_not_say_stays_unsaid(tmp_path):
    (product,) = read_tree(make_heritage(tmp_path)).products
    unsaid = (product.cloud_cover, product.snow_cover, product.surface_km2, product.clouds)
    assert unsaid == (None,) * 4
    assert (product.angles.azimuth, product.angles.viewing, product.rpc) == (None,) * 3
    # A raw scene states EPSG:4326 for its corners: its pixels have no system at all.
    assert (product.epsg, product.crs_name) == (None, "")


@pytest.mark.parametrize(
    ("level", "expected", "epsg"),
    [
        ("1A", Level.PRIMARY, None),
        ("1B", Level.PRIMARY, None),
        ("2A", Level.PROJECTED, 4326),
        ("2B", Level.ORTHO, 4326),
        ("3", Level.ORTHO, 4326),
    ],
)
def test_every_level_is_told_apart(tmp_path, level, expected, epsg):
    (product,) = read_tree(make_heritage(tmp_path, HeritageScene(level=level))).products
    assert (product.level, product.epsg) == (expected, epsg)


@pytest.mark.parametrize(
    ("satellite", "code", "metres", "bands"),
    [(1, "P", 10, 1), (2, "X", 20, 4), (3, "X", 20, 4), (4, "I", 20, 4), (5, "J", 10, 4),
     (5, "A", 5, 1), (5, "T", 2.5, 1)],
)  # fmt: skip
def test_every_satellite_and_instrument_is_known(tmp_path, satellite, code, metres, bands):
    scene = HeritageScene(satellite=satellite, code=code)
    (product,) = read_tree(make_heritage(tmp_path, scene)).products
    assert (product.platform, product.resolution_m) == (f"SPOT{satellite}", metres)
    assert len(product.bands) == bands


def test_several_scenes_of_one_volume_keep_their_files_apart(tmp_path):
    later = HeritageScene(at=datetime(2001, 11, 30, 10, 11, 2, tzinfo=UTC), seed=2)
    facts = read_tree(make_heritage(tmp_path, HeritageScene(), later))
    assert len(facts.acquisitions) == 2
    images = {file.path: file.product for file in facts.files if file.role == Role.IMAGE}
    assert images == {"SCENE01/IMAGERY.TIF": 0, "SCENE02/IMAGERY.TIF": 1}


def test_without_its_volume_file_a_scene_is_read_and_noted(tmp_path):
    facts = read_tree(make_heritage(tmp_path, volume=False))
    assert codes(facts) == ["no_cloud_figure", "no_volume"]


def test_an_empty_volume_file_lists_nothing_and_is_no_product(tmp_path):
    root = make_heritage(tmp_path)
    (root / "VOL_LIST.DIM").write_text("<Dimap_Document/>")
    facts = read_tree(root)
    assert len(facts.products) == 1
    assert "not_listed" in codes(facts)


def test_missing_pictures_are_noted(tmp_path):
    facts = read_tree(make_heritage(tmp_path, preview=False))
    assert codes(facts) == ["missing_icon", "missing_preview", "no_cloud_figure"]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (("<MISSION_INDEX>4<", "<MISSION_INDEX>9<"), "unknown_platform"),
        (("<MISSION>SPOT<", "<MISSION>LANDSAT<"), "unknown_platform"),
        (('href="IMAGERY.TIF"', 'href="../IMAGERY.TIF"'), "outside_reference"),
        (('href="IMAGERY.TIF"', 'href="/etc/passwd"'), "outside_reference"),
        (('href="IMAGERY.TIF"', 'href="IMAGERY2.TIF"'), "missing_tile"),
        (("<Dimap_Document name", '<!DOCTYPE a [<!ENTITY b "c">]><Dimap_Document name'), "xml_forbidden"),
        (("</Dimap_Document>", ""), "xml_broken"),
    ],
)  # fmt: skip
def test_a_faulty_delivery_is_refused(tmp_path, edit, code):
    assert refusal(make_heritage(tmp_path, edit=edit)).code == code


def test_what_cannot_be_told_is_noted_and_unknown(tmp_path):
    root = make_heritage(tmp_path, edit=("<IMAGING_DATE>2001-11-29<", "<IMAGING_DATE>29/11/01<"))
    facts = read_tree(root)
    assert facts.products[0].acquired_at is None
    assert "no_date" in codes(facts)


def test_a_scene_made_of_two_is_noted(tmp_path):
    more = "<Source_Information><SOURCE_ID>5 048-261 OTHER</SOURCE_ID></Source_Information>"
    root = make_heritage(tmp_path, edit=("<Dataset_Sources>", f"<Dataset_Sources>{more}"))
    facts = read_tree(root)
    assert "several_sources" in codes(facts)
    assert facts.products[0].source_ids[0] == "5048-261OTHER"


def test_an_image_of_raw_bytes_is_kept_and_not_opened(tmp_path):
    root = make_heritage(tmp_path, edit=('href="IMAGERY.TIF"', 'href="IMAGERY.BIL"'))
    (root / "SCENE01/IMAGERY.TIF").rename(root / "SCENE01/IMAGERY.BIL")
    (product,) = read_tree(root).products
    assert (len(product.raster.tiles), product.raster.readable) == (1, ())
    (tmp_path / "out").mkdir()
    drawn = draw(root, product, tmp_path / "out")
    assert drawn.source == "preview"


def test_the_picture_of_a_raw_scene_is_laid_on_its_footprint(tmp_path):
    root = make_heritage(tmp_path)
    (product,) = read_tree(root).products
    (tmp_path / "out").mkdir()
    drawn = draw(root, product, tmp_path / "out")
    assert drawn.bounds == pytest.approx(product.footprint.bounds, abs=1e-6)
    assert drawn.quicklook.stat().st_size > 1000


def test_every_name_of_the_scene_finds_it(tmp_path):
    facts = read_tree(make_heritage(tmp_path))
    assert "40482610111291030381M" in identifiers_of(facts)


def test_the_real_scene_is_read_when_it_is_here():
    root = REAL / "gdal/dimap"
    if not root.is_dir():
        return
    facts = read_tree(root)
    (product,) = facts.products
    assert product.platform == "SPOT4"
    assert product.scene_identifier == "40482610111291030381M"
    assert product.acquired_at == datetime(2001, 11, 29, 10, 30, 43, tzinfo=UTC)
    assert (product.raster.rows, product.raster.cols, product.bits) == (6000, 6000, 8)
    assert float(area_km2(product.footprint)) == pytest.approx(4050, rel=0.05)
    assert product.produced_at == datetime(2005, 5, 12, 17, 24, 33, tzinfo=UTC)
