/** The chosen scene: its quicklook on the map, its card, its name in the address. */

import { rewrite } from "./address.js";
import { isEscape } from "./keys.js";

export class Choice {
  constructor(bench, map) {
    this.bench = bench;
    this.map = map;
    this.card = bench.querySelector("[data-scene-card]");
    this.list = bench.querySelector("[data-results]");
    this.list.addEventListener("click", (event) => this.click(event));
    map.map.getContainer().addEventListener("footprint:selected", (event) => this.chosen(event.detail.id));
    map.map.on("click", () => this.clear());
    document.addEventListener("keydown", (event) => this.key(event));
  }

  /** The first click on a row chooses it, the second opens its page; a new tab is a new tab. */
  click(event) {
    const row = event.target.closest("a[data-scene]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (this.map.shapes.selected === row.dataset.scene) return;
    event.preventDefault();
    this.map.shapes.select(row.dataset.scene, { reveal: false });
    this.bringIntoView(row.dataset.scene);
  }

  /** Right from the chosen row to what can be done with it, left and back; Escape chooses nothing. */
  key(event) {
    const row = this.map.shapes.row(this.map.shapes.selected);
    if (!row || event.defaultPrevented) return;
    const inCard = this.card.contains(event.target);
    if (event.key === "ArrowRight" && row.contains(event.target)) this.card.querySelector("a, button")?.focus();
    else if (event.key === "ArrowLeft" && inCard) row.focus();
    else if (isEscape(event) && this.bench.querySelector("[data-compare]").hidden) { if (inCard) row.focus(); this.clear(); }
  }

  chosen(id) {
    rewrite({ scene: id });
    this.bench.dataset.chosen = id;
    this.map.frame.classList.add("has-choice");
    this.list.querySelectorAll("[data-scene][aria-current]").forEach((row) => row.removeAttribute("aria-current"));
    const row = this.map.shapes.row(id);
    row?.setAttribute("aria-current", "true");
    const card = row?.querySelector("[data-scene-card-for]");
    this.card.hidden = !card;
    this.card.replaceChildren(...(card ? [card.content.cloneNode(true)] : []));
  }

  /** After a new list: the scene that the address names is chosen again, if it is still there. */
  restore() {
    const id = this.bench.dataset.chosen;
    if (id && this.map.shapes.layers.has(id)) this.map.shapes.select(id);
    else this.card.hidden = true;
  }

  clear() {
    const { shapes } = this.map;
    if (!shapes.selected || this.map.map.pm?.globalDrawModeEnabled()) return;
    const before = shapes.selected;
    shapes.selected = null;
    shapes.light(before, false);
    shapes.hideImage();
    shapes.row(before)?.removeAttribute("aria-current");
    this.card.hidden = true;
    this.map.frame.classList.remove("has-choice");
    this.bench.dataset.chosen = "";
    rewrite({ scene: "" });
  }

  bringIntoView(id) {
    const layer = this.map.shapes.layers.get(id)?.layer;
    if (!layer || this.map.map.getBounds().intersects(layer.getBounds())) return;
    this.map.move();
    this.map.map.fitBounds(layer.getBounds(), { padding: [40, 40] });
  }
}
