/** The answer: the server writes the list, the footprints are drawn, the rest of the page follows. */

import { announce, enliven } from "../shell.js";
import { ask as askAddress } from "./address.js";
import { loadFragments } from "./fragments.js";
import { words } from "./words.js";

export class Answer {
  constructor(bench, map, choice, crowd) {
    this.bench = bench;
    this.crowd = crowd;
    this.map = map;
    this.choice = choice;
    this.list = bench.querySelector("[data-results]");
    this.number = 0;
    this.onNewList = () => {};
    this.list.addEventListener("click", (event) => this.click(event));
    this.enliven();
  }

  /** Ask the server; an answer that comes late is let go. */
  async load(query, { fit = false } = {}) {
    this.number += 1;
    const mine = this.number;
    this.list.setAttribute("aria-busy", "true");
    askAddress(query);
    const given = await this.fetch(`?${query}`);
    if (mine !== this.number) return;
    this.list.removeAttribute("aria-busy");
    if (!given) return;
    this.list.innerHTML = given.html;
    this.replaceArea(given.area);
    this.replacePills(given.pills);
    this.count(given.tab);
    this.crowd.load(query, { isWhole: !given.next });
    this.show(given.features, { fit });
    this.choice.restore();
    this.enliven();
    this.onNewList();
    loadFragments(this.bench, query);
  }

  async fetch(query) {
    try {
      const response = await fetch(this.bench.dataset.search + query, { headers: { accept: "application/json" } });
      if (response.ok) return await response.json();
    } catch {
      // Said below: no answer at all and an answer that is none are the same to the reader.
    }
    announce(words.failed, "answer");
    return null;
  }

  show(features, { fit = false, more = false } = {}) {
    this.map.footprints(features, { more });
    if (fit) this.map.fit();
  }

  /** "More scenes" adds rows and footprints below those that are there. */
  async click(event) {
    const link = event.target.closest("[data-more] a");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const given = await this.fetch(new URL(link.href).search);
    if (!given) return;
    const rows = this.list.querySelector("[data-rows]");
    const last = rows.querySelectorAll("[data-scene]").length;
    link.closest("[data-more]").remove();
    rows.insertAdjacentHTML("beforeend", given.html);
    this.show(given.features, { more: true });
    rows.querySelectorAll("[data-scene]")[last]?.focus();
  }

  replaceArea(html) {
    const slot = this.bench.querySelector("[data-area-card]");
    slot.innerHTML = html;
    enliven(slot);
  }

  replacePills(html) {
    const box = document.createElement("div");
    box.innerHTML = html;
    box.querySelectorAll("[data-pill-new]").forEach((fresh) => {
      const pill = this.bench.querySelector(`[data-pill="${fresh.dataset.pillNew}"]`);
      pill.replaceChildren(fresh.content.cloneNode(true));
      if (fresh.dataset.pillNew === "area") pill.classList.toggle("aoi-pill", Boolean(pill.querySelector(".muted")));
    });
  }

  count(text) {
    document.querySelectorAll("[data-count]").forEach((place) => { place.textContent = text; });
    announce(text, "answer");
  }

  enliven() {
    this.list.querySelectorAll("[data-year][hidden]").forEach((handle) => { handle.hidden = false; });
    this.range();
  }

  /** Shade the years between the two handles. */
  range() {
    const [first, second] = [...this.list.querySelectorAll("[data-year]")];
    const shade = this.list.querySelector("[data-range]");
    if (!first || !shade) return;
    const [least, most] = [Number(first.min), Number(first.max)];
    const step = 344 / (most - least + 1);
    const [low, high] = [Math.min(first.value, second.value), Math.max(first.value, second.value)];
    shade.setAttribute("x", 4 + (low - least) * step);
    shade.setAttribute("width", (high - low + 1) * step);
  }
}
