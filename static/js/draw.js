/**
 * Drawing and changing one area with Geoman, through our own toolbar (components/draw_toolbar.html).
 *
 * The geometry goes as GeoJSON into the hidden field, and every change is told on the map's element by
 * `area:changed` with { geometry | null, km2, crossing }. The km² are approximate: the server answers.
 * Drawing by pointer is one way among several; a page always offers place, box, paste, file as well.
 */

import { approximateKm2, crossesItself } from "./surface.js";
import { language, number, say, words } from "./words.js";

const L = window.L;
const COORDINATE_DIGITS = 6; // about 0.1 m

export class Draw {
  /** `field` is an input for the GeoJSON (may be null); `geometry` an area to begin with. */
  constructor(map, { field = null, geometry = null } = {}) {
    L.PM?.setOptIn(true);
    this.map = map;
    this.field = field;
    this.area = null;
    const id = map.getContainer().id;
    this.toolbar = document.querySelector(`[data-draw-for="${CSS.escape(id)}"]`);
    this.line = document.querySelector(`[data-draw-say="${CSS.escape(id)}"]`);
    map.pm.setLang(language === "fr" ? "fr" : "en");
    map.pm.setGlobalOptions({ allowSelfIntersection: false, snappable: false, pathOptions: this.options("aoi"), ...this.lines() });
    map.on("pm:create", ({ layer }) => this.take(layer));
    map.on("pm:drawend", () => this.press(null));
    this.watchToolbar();
    const before = geometry || parse(field?.value);
    if (before) this.set(before);
  }

  /* Geoman's helper lines take classes too: no colour is named in a script. */
  lines() {
    return { templineStyle: { className: "aoi" }, hintlineStyle: { className: "aoi", dashArray: [5, 5] } };
  }

  options(className) {
    return { pane: "area", className, pmIgnore: false };
  }

  /** Show a geometry as the area; `silent` tells nobody (the page knows already). */
  set(geometry, { silent = false } = {}) {
    this.forget();
    const [layer] = L.geoJSON(geometry, this.options("aoi")).getLayers();
    this.hold(layer);
    if (!silent) this.tell();
  }

  /** Return the area as GeoJSON, or null. */
  geometry() {
    if (!this.area) return null;
    return this.area.toGeoJSON(COORDINATE_DIGITS).geometry;
  }

  remove() {
    this.forget();
    this.tell();
    this.write(words.draw.removed);
  }

  take(layer) {
    layer.remove();
    this.set(layer.toGeoJSON(COORDINATE_DIGITS).geometry);
    const km2 = approximateKm2(this.geometry());
    this.write(say(words.draw.drawn, { area: number(km2) }));
  }

  hold(layer) {
    this.area = layer.addTo(this.map);
    this.case = L.polygon(layer.getLatLngs(), { pane: "area", className: "aoi-case", interactive: false }).addTo(this.map);
    this.case.bringToBack();
    layer.on("pm:edit pm:markerdragend pm:vertexadded pm:vertexremoved", () => this.changed());
    layer.on("pm:markerdrag pm:change", () => this.case.setLatLngs(layer.getLatLngs()));
    this.ready();
  }

  forget() {
    this.map.pm.disableDraw();
    this.area?.pm?.disable();
    this.area?.remove();
    this.case?.remove();
    this.area = this.case = null;
    this.ready();
  }

  changed() {
    this.case.setLatLngs(this.area.getLatLngs());
    this.tell();
  }

  tell() {
    const geometry = this.geometry();
    const crossing = geometry?.type === "Polygon" && geometry.coordinates.some(crossesItself);
    const km2 = geometry ? approximateKm2(geometry) : 0;
    this.area?.getElement?.()?.classList.toggle("is-bad", Boolean(crossing));
    if (crossing) this.write(words.draw.crossing);
    if (this.field) this.field.value = geometry && !crossing ? JSON.stringify(geometry) : "";
    const detail = { geometry: crossing ? null : geometry, km2, crossing: Boolean(crossing), text: say(words.draw.approximately, { area: number(km2) }) };
    this.map.getContainer().dispatchEvent(new CustomEvent("area:changed", { bubbles: true, detail }));
  }

  watchToolbar() {
    const acts = {
      polygon: () => this.start("Polygon", words.draw.start_polygon),
      rectangle: () => this.start("Rectangle", words.draw.start_rectangle),
      edit: () => this.edit(),
      remove: () => this.remove(),
    };
    this.toolbar?.querySelectorAll("[data-draw]").forEach((button) => {
      button.addEventListener("click", () => acts[button.dataset.draw]());
    });
    this.map.getContainer().addEventListener("keydown", (event) => { if (event.key === "Escape") this.stop(); });
    this.ready();
  }

  start(shape, sentence) {
    const again = this.pressed() === shape.toLowerCase();
    this.stop();
    if (again) return;
    this.map.pm.enableDraw(shape, { tooltips: true, continueDrawing: false });
    this.press(shape.toLowerCase());
    this.write(sentence);
  }

  edit() {
    const again = this.pressed() === "edit";
    this.stop();
    if (again || !this.area) return;
    this.area.pm.enable({ allowSelfIntersection: false, allowSelfIntersectionEdit: true });
    this.press("edit");
    this.write(words.draw.editing);
  }

  stop() {
    this.map.pm.disableDraw();
    this.area?.pm?.disable();
    this.press(null);
    this.write("");
  }

  pressed() {
    return this.toolbar?.querySelector("[aria-pressed=true]")?.dataset.draw;
  }

  press(name) {
    this.toolbar?.querySelectorAll("[aria-pressed]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.draw === name)));
  }

  ready() {
    this.toolbar?.querySelectorAll("[data-draw=edit], [data-draw=remove]").forEach((button) => { button.disabled = !this.area; });
  }

  write(sentence) {
    if (this.line) this.line.textContent = sentence;
  }
}

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
