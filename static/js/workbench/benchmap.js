/** The workbench's map: footprints lit with the list, the area drawn or shown. */

import { Draw } from "../draw.js";
import { Footprints } from "../footprints.js";
import { createMap } from "../map.js";
import { rewrite } from "./address.js";

const L = window.L;
const CROWD = 12; // footprints whose fills together would hide the map
const FRANCE = [[41.2, -5.5], [51.3, 9.8]];

/** The bounds of an area; cut at the 180th meridian it lies at both ends of the map, and one is shown. */
function shown(area) {
  const all = area.getBounds();
  if (all.getEast() - all.getWest() < 300) return all;
  return L.latLngBounds(area.getLatLngs().flat(2).filter(({ lng }) => lng > 0));
}

export class BenchMap {
  constructor(bench) {
    this.frame = bench.querySelector(".bench-map");
    const element = bench.querySelector("[data-map]");
    this.map = createMap(element, { bounds: FRANCE });
    this.shapes = new Footprints(this.map, { list: bench.querySelector("[data-results]") });
    const given = JSON.parse(document.getElementById("bench-area").textContent);
    this.draw = new Draw(this.map);
    this.marks = L.featureGroup().addTo(this.map);
    if (given) this.draw.set(given, { silent: true });
    this.watchHands(element);
  }

  /** Until the reader moves the map, it follows its own size: panels open and close around it. */
  watchHands(element) {
    this.follow(null);
    const kinds = ["pointerdown", "wheel", "keydown"];
    kinds.forEach((kind) => element.addEventListener(kind, ({ key }) => { if (key !== "Tab") this.move(); }, { passive: true }));
    this.map.on("resize", () => this.held?.());
    this.map.on("moveend", () => this.keep());
  }

  /** Bring this into view now, and again when the map's size changes. */
  follow(view) {
    this.held = view;
    this.isMoved = false;
    view?.();
  }

  /** From here on the view is the reader's own. */
  move() {
    this.held = null;
    this.isMoved = true;
  }

  /** The reader's own view stands in the address. */
  keep() {
    if (!this.isMoved || !this.map.getSize().x) return;
    const { lat, lng } = this.map.getCenter();
    rewrite({ map: `${lat.toFixed(4)},${lng.toFixed(4)},${this.map.getZoom()}` });
  }

  /** Go where the address says; tell whether it says so. */
  restore() {
    const [lat, lng, zoom] = (new URLSearchParams(location.search).get("map") || "").split(",").map(Number);
    if (![lat, lng, zoom].every(Number.isFinite)) return false;
    this.follow(() => this.map.setView([lat, lng], zoom, { animate: false }));
    return true;
  }

  /** Show a place: from then on the view is the reader's own. */
  go(box) {
    this.move();
    this.map.fitBounds(box, { padding: [28, 28], maxZoom: 13, animate: false });
  }

  footprints(collection, { more = false } = {}) {
    if (!more) this.shapes.set(collection);
    else collection.features.forEach((feature) => this.shapes.add(feature));
    this.frame.classList.toggle("is-crowded", this.shapes.layers.size > CROWD);
    this.frame.classList.toggle("has-choice", Boolean(this.shapes.selected));
  }

  /** Bring the area into view, else the scenes. */
  fit() {
    const drawn = this.draw.area && shown(this.draw.area);
    const box = drawn ? drawn.pad(0.6) : this.shapes.bounds();
    if (!box?.isValid()) return;
    rewrite({ map: "" });
    this.follow(() => this.map.fitBounds(box, { padding: [28, 28], maxZoom: 13, animate: false }));
  }

  area(geometry) {
    this.marks.clearLayers();
    if (geometry) this.draw.set(geometry, { silent: true });
    else this.draw.forget();
  }

  /** Show where an outline crosses itself, [longitude, latitude], on the outline if we have it. */
  crossing([lng, lat], sentence, outline) {
    this.marks.clearLayers();
    const shape = outline && L.geoJSON(outline, { interactive: false, style: { className: "aoi is-bad", pane: "area" } });
    if (shape) this.marks.addLayer(shape);
    const mark = L.circleMarker([lat, lng], { radius: 9, className: "aoi is-bad", pane: "area" });
    mark.bindTooltip(sentence, { permanent: true, direction: "top" });
    this.marks.addLayer(mark);
    if (shape) this.map.fitBounds(shape.getBounds(), { padding: [48, 48], maxZoom: 13, animate: false });
    else this.map.setView([lat, lng], Math.max(this.map.getZoom(), 9), { animate: false });
  }
}
