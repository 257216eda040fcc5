/**
 * Footprints on a map and their rows in a list, lit together in both directions.
 *
 * Features carry in `properties`: `id`, `way` (download | produce | task | free), `label` (one line), and
 * optionally `quicklook` (address) with `quicklook_corners` (upper left, upper right, lower left) or
 * `quicklook_bounds`. Rows carry `data-scene="<id>"`. The list says all the map says: the map's shapes
 * are not stops for the keyboard, the rows are.
 */

import { say, words } from "./words.js";
import { layQuicklook } from "./quicklook.js";

const L = window.L;
export const BELOW_TOOLS = [8, 68]; // pixels: a popup opens clear of the toolbar over the map

export class Footprints {
  /** `list` holds the rows; `onSelect(id)` is told of a click on the map or on a row without a link. */
  constructor(map, { list = null, onSelect = null } = {}) {
    this.map = map;
    this.list = list;
    this.onSelect = onSelect;
    this.layers = new Map();
    this.group = L.featureGroup().addTo(map);
    this.image = null;
    this.selected = null;
    if (list) this.watchList();
  }

  /** Replace all footprints by those of a FeatureCollection. */
  set(collection) {
    this.clear();
    collection.features.forEach((feature) => this.add(feature));
    return this;
  }

  add(feature) {
    const { id, way } = feature.properties;
    const layer = L.geoJSON(feature, { className: `fp fp-${way} way-${way}` });
    layer.on("mouseover", () => this.light(id, true));
    layer.on("mouseout", () => this.light(id, false));
    layer.on("click", (event) => { L.DomEvent.stop(event); this.choose(event.latlng); });
    this.layers.set(String(id), { layer, feature });
    this.group.addLayer(layer);
  }

  clear() {
    this.hideImage();
    this.group.clearLayers();
    this.layers.clear();
    this.selected = null;
  }

  bounds() {
    return this.group.getBounds();
  }

  /** Light a footprint and its row, or put them out; what is selected stays lit. */
  light(id, on) {
    const lit = on || String(id) === this.selected;
    this.paths(id).forEach((path) => path.classList.toggle("is-on", lit));
    this.row(id)?.classList.toggle("is-on", lit);
  }

  /** Select one: lit until another is, its quicklook laid, its row brought into view. */
  select(id, { reveal = true, tell = true } = {}) {
    const before = this.selected;
    this.selected = String(id);
    if (before && before !== this.selected) this.light(before, false);
    this.light(id, true);
    this.showImage(id);
    if (reveal) this.row(id)?.scrollIntoView({ block: "nearest" });
    if (tell) {
      this.onSelect?.(this.selected);
      this.map.getContainer().dispatchEvent(new CustomEvent("footprint:selected", { bubbles: true, detail: { id: this.selected } }));
    }
  }

  showImage(id) {
    this.hideImage();
    const entry = this.layers.get(String(id));
    if (!entry?.feature.properties.quicklook) return;
    const { quicklook, quicklook_corners: corners, quicklook_bounds: bounds, label } = entry.feature.properties;
    const place = corners ? { corners } : { bounds: bounds || entry.layer.getBounds() };
    this.image = layQuicklook(this.map, quicklook, place, `${words.map.quicklook}: ${label}`);
    this.imageOf = String(id);
    this.paths(id).forEach((path) => path.classList.add("has-image"));
  }

  hideImage() {
    if (!this.image) return;
    this.image.remove();
    this.paths(this.imageOf).forEach((path) => path.classList.remove("has-image"));
    this.image = null;
  }

  /** At a place that several footprints share, let the reader choose; one is taken at once. */
  choose(at) {
    const here = [...this.layers.values()].filter(({ feature }) => contains(feature.geometry, at));
    if (here.length === 1) return this.select(here[0].feature.properties.id);
    if (here.length === 0) return null;
    const popup = L.popup({ closeButton: true, autoPanPaddingTopLeft: BELOW_TOOLS }).setLatLng(at).setContent(this.chooser(here));
    popup.openOn(this.map);
    popup.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.map.close);
    requestAnimationFrame(() => popup.getElement()?.querySelector(".chooser button")?.focus({ preventScroll: true }));
    return null;
  }

  chooser(entries) {
    const box = document.createElement("div");
    box.className = "chooser";
    const title = document.createElement("span");
    title.className = "over";
    title.textContent = say(words.map.chooser, { count: entries.length });
    box.append(title, ...entries.map(({ feature }) => this.choice(feature.properties)));
    return box;
  }

  choice({ id, way, label }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `way way-${way}`;
    const swatch = document.createElement("i");
    swatch.className = "swatch";
    button.append(swatch, document.createTextNode(label));
    ["mouseenter", "focus"].forEach((kind) => button.addEventListener(kind, () => this.light(id, true)));
    ["mouseleave", "blur"].forEach((kind) => button.addEventListener(kind, () => this.light(id, false)));
    button.addEventListener("click", () => { this.map.closePopup(); this.select(id); });
    return button;
  }

  /** Rows light by pointer and by focus; the arrow keys go from row to row, Home and End to the ends. */
  watchList() {
    const over = (event, on) => { const row = event.target.closest("[data-scene]"); if (row) this.light(row.dataset.scene, on); };
    this.list.addEventListener("mouseover", (event) => over(event, true));
    this.list.addEventListener("mouseout", (event) => over(event, false));
    this.list.addEventListener("focusin", (event) => over(event, true));
    this.list.addEventListener("focusout", (event) => over(event, false));
    this.list.addEventListener("keydown", (event) => this.step(event));
  }

  step(event) {
    const row = event.target.closest("[data-scene]");
    if (!row || event.target.closest("input, select, textarea")) return;
    const rows = [...this.list.querySelectorAll("[data-scene]")];
    const at = rows.indexOf(row);
    const next = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (!next) return;
    event.preventDefault();
    (next.matches("a, button, [tabindex]") ? next : next.querySelector("a, button"))?.focus();
  }

  row(id) {
    return this.list?.querySelector(`[data-scene="${CSS.escape(String(id))}"]`);
  }

  paths(id) {
    const found = [];
    this.layers.get(String(id))?.layer.eachLayer((one) => { if (one.getElement?.()) found.push(one.getElement()); });
    return found;
  }
}

/** Tell whether a GeoJSON polygon (or several) holds a place; even-odd, in degrees. */
export function contains(geometry, at) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.some((rings) => rings.filter((ring) => inRing(ring, at.lng, at.lat)).length % 2 === 1);
}

function inRing(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}
