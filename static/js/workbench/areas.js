/** Sending an area: drawn, pasted, boxed or in a file; the server measures it or says what is wrong. */

import { closePops } from "./pops.js";
import { Refusal } from "./refusal.js";
import { announce, hush } from "../shell.js";
import { words } from "./words.js";

export class AreaSender {
  constructor(bench, map, ask) {
    this.bench = bench;
    this.map = map;
    this.ask = ask;
    this.token = bench.querySelector("[name=csrfmiddlewaretoken]").value;
    bench.addEventListener("submit", (event) => this.submit(event));
    bench.addEventListener("click", (event) => this.open(event));
    map.map.getContainer().addEventListener("area:changed", ({ detail }) => this.drawn(detail));
  }

  submit(event) {
    const form = event.target.closest("[data-area-form]");
    if (!form) return;
    event.preventDefault();
    this.send(new FormData(form));
  }

  /** The tools on the map that are not drawing open the panel at the field they name. */
  open(event) {
    const tool = event.target.closest("[data-open-area]");
    if (!tool) return;
    const panel = this.bench.querySelector("[data-area-panel]");
    const way = tool.dataset.openArea;
    const field = panel.querySelector(`:is([data-area-form=${way}], [data-${way}-form]) :is(textarea, input:not([type=hidden]))`);
    setTimeout(() => { panel.closest("details").open = true; field.focus(); });
  }

  drawn({ geometry, crossing }) {
    if (crossing) return;
    if (!geometry) { this.clean(); this.ask.useArea(""); return; }
    const data = new FormData();
    data.set("geometry", JSON.stringify(geometry));
    data.set("trust", "1"); // a place pointed at on the map is where it is
    this.send(data);
  }

  async send(data) {
    this.clean();
    announce(words.checking, "answer");
    data.delete("csrfmiddlewaretoken");
    const given = await this.post(data);
    if (!given) announce(words.failed, "answer");
    else if (given.ok) await this.take(given.body);
    else this.refused(given.body, data);
  }

  async post(data) {
    try {
      const response = await fetch(this.bench.dataset.areaUrl, {
        method: "POST",
        body: data,
        headers: { accept: "application/json", "X-CSRFToken": this.token },
      });
      return { ok: response.ok, body: await response.json() };
    } catch {
      return null;
    }
  }

  async take(body) {
    closePops();
    if (body.choices) { hush("answer"); new Refusal(this.box(), this).choose(body.choices); return; }
    this.map.area(body.geometry);
    await this.ask.useArea(body.key);
    this.note(body.notes);
  }

  refused(body, data) {
    hush("answer");
    if (body.crossing) this.map.crossing(body.crossing, words.crossing, body.outline);
    closePops();
    new Refusal(this.box(), this).tell(body, data);
  }

  /** What was put right on the way is said, and stands in the area's card: below the map on a telephone. */
  note(notes) {
    const list = this.bench.querySelector("[data-area-notes]");
    if (!list || !notes?.length) return;
    announce(notes.join(" "), "notes");
    list.replaceChildren(...notes.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
    list.hidden = false;
  }

  box() {
    return this.bench.querySelector("[data-area-refusal]");
  }

  clean() {
    this.map.marks.clearLayers();
    const box = this.box();
    const within = box.contains(document.activeElement);
    box.hidden = true;
    box.replaceChildren();
    if (within) this.bench.querySelector("[data-pill=area]").focus();
  }
}
