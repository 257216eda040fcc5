/** A refused area: the sentence, and the ways on that the server's facts allow. */

import { number, words } from "./words.js";

/** What the area is called that was sent: by its field, else by its file. */
function nameIn(data) {
  return data.get("name") || data.get("file")?.name?.replace(/\.[^.]*$/, "") || "";
}

export class Refusal {
  constructor(box, sender) {
    this.box = box;
    this.sender = sender;
  }

  /** `body` is a problem document, `data` what was sent. */
  tell(body, data) {
    const said = document.createElement("p");
    said.textContent = body.title || body.detail || words.failed;
    this.show(said, ...this.ways(body, data));
    this.box.focus();
  }

  ways(body, data) {
    const ways = [];
    if (body.swapped) {
      ways.push(this.button(words.swap, () => this.again(new FormData(), { geometry: JSON.stringify(body.swapped), trust: "1", name: nameIn(data) }), true));
      ways.push(this.button(words.trust, () => this.again(data, { trust: "1" })));
    }
    if (body.code === "area_too_many_vertices") ways.push(this.button(words.simplify, () => this.again(data, { simplify: "1" }), true));
    if (["missing_crs", "area_in_metres"].includes(body.code)) ways.push(this.systems(body.candidates || [], data));
    return ways;
  }

  /** The coordinate system is asked, never guessed. */
  systems(candidates, data) {
    const box = document.createElement("div");
    box.className = "row-line wrap";
    const select = document.createElement("select");
    select.className = "form-select form-select-sm";
    select.setAttribute("aria-label", words.crs);
    select.append(...candidates.map(({ code, name }) => new Option(name, code)));
    box.append(select, this.button(words.use_crs, () => this.again(data, { crs: select.value }), true));
    return box;
  }

  /** One area of a file that holds several. */
  choose(choices) {
    const title = document.createElement("p");
    title.textContent = words.choose;
    const list = document.createElement("ul");
    list.className = "list-plain";
    list.append(...choices.map((choice) => this.choice(choice)));
    this.show(title, list);
    list.querySelector("button")?.focus();
  }

  choice(choice) {
    const item = document.createElement("li");
    const name = choice.name || words.unnamed;
    if (!choice.key) item.textContent = `${name}: ${choice.refusal}`;
    else item.append(this.button(`${name} · ${number(Number(choice.area_km2))} km²`, () => { this.hide(); this.sender.take({ ...choice, choices: null }); }));
    return item;
  }

  again(data, more) {
    Object.entries(more).forEach(([name, value]) => data.set(name, value));
    this.sender.send(data);
  }

  button(label, act, main = false) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn btn-sm ${main ? "btn-primary" : "btn-plain"}`;
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  show(...parts) {
    const close = this.button("×", () => this.hide());
    close.className = "ico area-refusal-close";
    close.setAttribute("aria-label", words.dismiss);
    this.box.replaceChildren(close, ...parts);
    this.box.hidden = false;
  }

  hide() {
    this.sender.clean();
  }
}
