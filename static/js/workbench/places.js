/** A place that was found by its name: the map goes there at once; searching there is a second choice. */

import { closePops } from "./pops.js";

const SIDES = ["west", "south", "east", "north"];

export class Places {
  constructor(bench, map, sender) {
    this.map = map;
    this.sender = sender;
    this.form = bench.querySelector("[data-place-form]");
    this.card = this.form.querySelector("[data-place]");
    this.form.addEventListener("find:taken", ({ detail }) => this.take(detail));
    this.form.querySelector("input[type=search]").addEventListener("input", () => { this.card.hidden = true; });
    this.card.querySelector("[data-place-here]").addEventListener("click", () => this.search());
    this.card.querySelector("[data-place-look]").addEventListener("click", () => this.look());
  }

  take(place) {
    this.place = place;
    const { west, south, east, north } = place.sides;
    this.map.go([[south, west], [north, east]]);
    this.card.querySelector("[data-place-name]").textContent = place.label;
    this.card.querySelector("[data-place-note]").textContent = place.note;
    const here = this.card.querySelector("[data-place-here]");
    here.textContent = place.act;
    this.card.hidden = false;
    here.focus();
  }

  /** The box of the place becomes the area, under its name. */
  search() {
    const data = new FormData();
    SIDES.forEach((side) => data.set(side, this.place.sides[side]));
    data.set("name", this.place.label);
    data.set("trust", "1"); // it was named: it is where it is
    this.sender.send(data);
  }

  /** Leave the panel; on a narrow screen the map is behind it. */
  look() {
    closePops();
    this.map.map.getContainer().focus();
  }
}
