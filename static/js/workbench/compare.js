/**
 * Two quicklooks compared on the map: one is set aside, the chosen one lies beside it, and a slider
 * either moves the border between the two or lets one shine through the other.
 *
 * The address keeps which scene is set aside (`beside`), how the two are shown (`by`) and where the
 * slider stands (`split`); a new list takes nothing away from the map.
 */

import { announce } from "../shell.js";
import { layQuicklook } from "../quicklook.js";
import { rewrite } from "./address.js";
import { isEscape } from "./keys.js";
import { say, words } from "./words.js";

const PANE = "beside";

export class Compare {
  constructor(bench, map, choice) {
    this.bench = bench;
    this.map = map;
    this.choice = choice;
    this.bar = bench.querySelector("[data-compare]");
    this.slider = this.bar.querySelector("[data-compare-at]");
    this.line = bench.querySelector("[data-compare-line]");
    this.first = null;
    this.second = null;
    this.image = null;
    this.pane = map.map.createPane(PANE);
    this.pane.style.zIndex = 355; // above the chosen quicklook, below the footprints
    this.pane.style.pointerEvents = "none";
    bench.addEventListener("click", (event) => this.click(event));
    this.slider.addEventListener("input", () => this.draw());
    this.slider.addEventListener("change", () => this.keep());
    this.line.addEventListener("pointerdown", (event) => this.line.setPointerCapture(event.pointerId));
    this.line.addEventListener("pointermove", (event) => this.drag(event));
    this.line.addEventListener("pointerup", () => this.keep());
    this.bar.querySelectorAll("[name=compare-by]").forEach((field) => field.addEventListener("change", () => { this.draw(); this.keep(); }));
    document.addEventListener("keydown", (event) => { if (isEscape(event) && this.first) { event.preventDefault(); this.stop(); } });
    map.map.on("move zoomend resize viewreset", () => this.draw());
    map.map.getContainer().addEventListener("footprint:selected", () => this.follow());
  }

  /** The scene that the address sets aside, when the answer holds it. */
  restore() {
    const query = new URLSearchParams(location.search);
    const id = query.get("beside");
    if (!id || !this.map.shapes.layers.has(id)) return;
    if (query.get("by") === "fade") this.bar.querySelector("[value=fade]").checked = true;
    if (query.get("split")) this.slider.value = query.get("split");
    this.setAside(id, { aloud: false });
  }

  keep() {
    const { value, defaultValue } = this.slider;
    rewrite({ by: this.fades() ? "fade" : "", split: value === defaultValue ? "" : value });
  }

  fades() {
    return this.bar.querySelector("[name=compare-by]:checked").value === "fade";
  }

  click(event) {
    if (event.target.closest("[data-compare-stop]")) this.stop();
    else if (event.target.closest("[data-compare-with]")) this.setAside(this.map.shapes.selected);
  }

  setAside(id, { aloud = true } = {}) {
    const properties = this.map.shapes.layers.get(id)?.feature.properties;
    if (!properties?.quicklook) return;
    this.image?.remove();
    this.first = properties;
    this.second = null;
    this.image = layQuicklook(this.map.map, properties.quicklook, { corners: properties.quicklook_corners }, properties.label, PANE);
    rewrite({ beside: id });
    this.follow();
    if (aloud) announce(words.set_aside);
  }

  /** The chosen scene is the other one, unless it is the same. */
  follow() {
    if (!this.first) return;
    const { shapes } = this.map;
    const chosen = shapes.layers.get(shapes.selected)?.feature.properties;
    if (chosen?.quicklook && chosen.id !== this.first.id) this.second = chosen;
    else this.second = null;
    this.tell();
    this.draw();
  }

  tell() {
    const { bar, first, second } = this;
    bar.hidden = false;
    bar.classList.toggle("is-waiting", !second);
    bar.querySelector("[data-compare-first]").textContent = first.label;
    bar.querySelector("[data-compare-second]").textContent = second ? second.label : words.choose_other;
    this.slider.disabled = !second;
    if (second) this.slider.setAttribute("aria-label", say(words.compare_at, { first: first.label, second: second.label }));
    const button = this.choice.card.querySelector("[data-compare-with]");
    if (button) button.hidden = first.id === this.map.shapes.selected;
  }

  /** Cut the first image at the border, or let the second shine through it. */
  draw() {
    if (!this.first) return;
    const share = Number(this.slider.value) / 100;
    const fades = this.fades();
    const swipes = Boolean(this.second) && !fades;
    this.pane.style.opacity = this.second && fades ? share : 1;
    this.pane.style.clipPath = swipes ? this.left(share) : "";
    this.line.hidden = !swipes;
    this.line.style.insetInlineStart = `${share * 100}%`;
  }

  /** The border itself can be taken too. */
  drag(event) {
    if (!this.line.hasPointerCapture(event.pointerId)) return;
    const { left, width } = this.map.map.getContainer().getBoundingClientRect();
    this.slider.value = 100 * (event.clientX - left) / width;
    this.draw();
  }

  /** All of the map that lies left of the border, in the pane's own pixels. */
  left(share) {
    const { map } = this.map;
    const size = map.getSize();
    const { x: west, y: north } = map.containerPointToLayerPoint([0, 0]);
    const { x: border, y: south } = map.containerPointToLayerPoint([size.x * share, size.y]);
    const corners = [[west, north], [border, north], [border, south], [west, south]];
    return `polygon(${corners.map(([x, y]) => `${x}px ${y}px`).join(", ")})`;
  }

  stop() {
    this.image?.remove();
    this.image = null;
    this.first = null;
    this.second = null;
    this.pane.style.clipPath = "";
    this.bar.hidden = true;
    this.line.hidden = true;
    rewrite({ beside: "", by: "", split: "" });
    const button = this.choice.card.querySelector("[data-compare-with]");
    if (button) { button.hidden = false; button.focus(); }
  }
}
