/** The question bar: every change asks again, and the address follows. */

import { announce } from "../shell.js";
import { closePops } from "./pops.js";
import { words } from "./words.js";

const PAUSE = 350; // ms after the last key

export class Ask {
  constructor(bench, answer) {
    this.answer = answer;
    this.bar = bench.querySelector("[data-ask]");
    this.form = bench.querySelector("[data-ask-form]");
    this.timer = 0;
    this.form.addEventListener("submit", (event) => { event.preventDefault(); closePops(); this.ask(); });
    this.fields().forEach((field) => this.watch(field));
    this.watchPresets(document);
    bench.addEventListener("click", (event) => this.click(event));
    bench.addEventListener("change", (event) => { if (event.target.matches("[data-year]")) this.years(bench); });
    bench.addEventListener("input", (event) => { if (event.target.matches("[data-year]")) this.answer.range(); });
    answer.onNewList = () => this.watchPresets(bench);
    this.watchShare(bench.querySelector("[data-share]"));
  }

  fields() {
    return [...this.form.elements].filter((field) => field.name);
  }

  watch(field) {
    field.addEventListener("change", () => this.ask());
    if (field.type === "number") field.addEventListener("input", () => this.soon());
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  /** The question as an address's query. */
  query() {
    const pairs = [...new FormData(this.form)].filter(([, value]) => value !== "");
    return new URLSearchParams(pairs).toString();
  }

  ask({ fit = false } = {}) {
    clearTimeout(this.timer);
    return this.answer.load(this.query(), { fit });
  }

  /** Take another area, by its key ("" for none), and ask again. */
  useArea(key) {
    document.querySelectorAll("[data-area-key]").forEach((field) => { field.value = key; });
    return this.ask({ fit: Boolean(key) });
  }

  set(name, value) {
    this.form.elements[name].value = value;
  }

  click(event) {
    const sort = event.target.closest("[data-sort]");
    const library = event.target.closest("[data-use-area]");
    const drop = event.target.closest("[data-drop-area]");
    const link = sort || library || drop;
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    closePops();
    if (sort) { this.set("sort", sort.dataset.sort); this.ask(); }
    else this.useArea(library ? library.dataset.useArea : "");
  }

  watchPresets(root) {
    root.querySelectorAll("[data-presets][hidden]").forEach((box) => {
      box.hidden = false;
      box.querySelectorAll("[data-preset]").forEach((button) => button.addEventListener("click", () => this.preset(button.dataset.preset)));
    });
  }

  preset(months) {
    const from = new Date();
    if (months) from.setMonth(from.getMonth() - Number(months));
    this.set("from", months ? from.toISOString().slice(0, 10) : "");
    this.set("to", "");
    this.ask();
  }

  /** The two handles of the histogram become whole years. */
  years(bench) {
    const [first, second] = [...bench.querySelectorAll("[data-year]")];
    const [low, high] = [Math.min(first.value, second.value), Math.max(first.value, second.value)];
    this.set("from", low > Number(first.min) ? `${low}-01-01` : "");
    this.set("to", high < Number(first.max) ? `${high}-12-31` : "");
    this.ask();
  }

  watchShare(button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(location.href);
      announce(words.copied);
    });
  }
}
