/**
 * The map every page uses: Leaflet over an offline base map, online tiles only where configured.
 * Nothing here knows a colour; classes are drawn by css/map.css, so a change of theme needs no redraw.
 */

import { addGraticule } from "./graticule.js";
import { notice } from "./notice.js";
import { addWorld } from "./world.js";
import { words } from "./words.js";

const L = window.L;
const TILE_ERRORS_ALLOWED = 3;

/**
 * Make a map in `element` (components/map.html).
 * Options: `center`, `zoom`, `bounds` (LatLngBounds or [[s, w], [n, e]]), `wheel` (zoom by wheel, true),
 * `controls` (zoom, scale and credit, true), `padding` (pixels round `bounds`).
 */
export function createMap(element, options = {}) {
  const { center = [20, 5], zoom = 2, bounds = null, wheel = true, controls = true, padding = 24 } = options;
  const map = L.map(element, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: 0.25,
    zoomDelta: 1,
    minZoom: 1.5,
    maxZoom: 19,
    worldCopyJump: true,
    scrollWheelZoom: wheel,
    renderer: L.svg({ padding: 0.5 }),
  });
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", element.dataset.label || words.map.label);
  makePanes(map);
  if (bounds) map.fitBounds(bounds, { padding: [padding, padding] });
  else map.setView(center, zoom);
  if (controls) addControls(map);
  addWorld(map, { coarse: element.dataset.world, fine: element.dataset.worldFine });
  addGraticule(map);
  if (element.dataset.tiles) addTiles(map, element.dataset.tiles, element.dataset.tilesCredit);
  new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(element);
  element.leafletMap = map;
  return map;
}

function makePanes(map) {
  const heights = { world: 150, grid: 160, names: 260, quicklooks: 350, area: 450 };
  Object.entries(heights).forEach(([name, height]) => {
    const pane = map.createPane(name);
    pane.style.zIndex = height;
    if (name !== "area") pane.style.pointerEvents = "none";
  });
}

function addControls(map) {
  const zoom = L.control.zoom({ position: "bottomright", zoomInTitle: words.map.zoom_in, zoomOutTitle: words.map.zoom_out });
  zoom.addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.attributionControl = L.control.attribution({ prefix: false, position: "bottomleft" }).addTo(map);
  map.attributionControl.addAttribution(words.map.credit);
}

function addTiles(map, address, credit) {
  const tiles = L.tileLayer(address, { attribution: credit, maxZoom: 19 });
  let failures = 0;
  tiles.on("tileerror", () => {
    failures += 1;
    if (failures < TILE_ERRORS_ALLOWED || !map.hasLayer(tiles)) return;
    tiles.remove();
    notice(map, words.map.no_tiles);
  });
  tiles.addTo(map);
}

/** Draw the area that is asked: its case, then its line, above all else. Returns the group of both. */
export function drawArea(map, geometry) {
  const line = (className) => L.geoJSON(geometry, { pane: "area", className, interactive: false });
  return L.featureGroup([line("aoi-case"), line("aoi")]).addTo(map);
}

/** Draw any shape under one class, out of the way of the pointer ("ar-charged", "ar-covered"). */
export function drawShape(map, geometry, className) {
  return L.geoJSON(geometry, { className, interactive: false }).addTo(map);
}
