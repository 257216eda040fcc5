/** A search field that answers while one types: a combobox by the ARIA pattern, which fills a form or leads on.

    Without this script the field is a plain search, whose page lists the same answers. */

import { say } from "./words.js";

const PAUSE = 180; // ms after the last letter

function option(answer, place, owner) {
  const item = document.createElement("li");
  item.id = `${owner}-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const name = document.createElement("b");
  name.textContent = answer.label;
  item.append(name);
  if (answer.note) {
    const note = document.createElement("span");
    note.className = "sub";
    note.textContent = answer.note;
    item.append(note);
  }
  return item;
}

class Finder {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = box.querySelector("[role=listbox]");
    this.status = box.querySelector("[role=status]");
    this.answers = [];
    this.at = -1;
    this.asked = 0;
    Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    }).forEach(([name, value]) => this.input.setAttribute(name, value));
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    if ("tells" in box.dataset) this.input.form.addEventListener("submit", (event) => this.submit(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.take([...this.list.children].indexOf(item));
    });
  }

  /** Where the page is told, there is no other one to go to: the first answer is taken, or asked for. */
  async submit(event) {
    event.preventDefault();
    clearTimeout(this.timer);
    if (this.list.hidden) await this.ask();
    else this.take(0);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const words = this.input.value.trim();
    const number = ++this.asked;
    if (words.length < 2) return this.close();
    let answers;
    try {
      const address = new URL(this.box.dataset.find, window.location.href);
      address.searchParams.set("q", words);
      const response = await fetch(address, { headers: { accept: "application/json" } });
      if (!response.ok) return this.close();
      answers = (await response.json()).found;
    } catch {
      return this.close(); // the search button still works
    }
    if (number === this.asked) this.show(answers);
  }

  show(answers) {
    this.answers = answers;
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...answers.map((one, place) => option(one, place, this.list.id)));
    this.list.hidden = !answers.length;
    this.input.setAttribute("aria-expanded", String(Boolean(answers.length)));
    const { none, some } = this.box.dataset;
    this.status.textContent = answers.length ? say(some, { count: answers.length }) : none;
  }

  close() {
    this.asked += 1;
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && !this.list.hidden) {
      event.preventDefault();
      this.point((this.at + steps[event.key] + this.answers.length) % this.answers.length);
    } else if (event.key === "ArrowDown") {
      this.ask();
    } else if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      event.stopPropagation(); // the panel around it stays open
      this.close();
    }
  }

  point(place) {
    this.at = place;
    [...this.list.children].forEach((item, n) => item.setAttribute("aria-selected", String(n === place)));
    const item = this.list.children[place];
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  take(place) {
    const answer = this.answers[place];
    if (answer.url) {
      window.location.assign(answer.url);
      return;
    }
    if ("tells" in this.box.dataset) {
      this.input.value = answer.label;
      this.close();
      this.status.textContent = say(this.box.dataset.filled, { name: answer.label });
      this.box.dispatchEvent(new CustomEvent("find:taken", { detail: answer, bubbles: true }));
      return;
    }
    if (!this.box.dataset.fills) {
      this.input.value = answer.label;
      this.input.form.requestSubmit();
      return;
    }
    const form = document.querySelector(this.box.dataset.fills);
    Object.entries(answer.fill).forEach(([name, value]) => {
      const field = form.elements.namedItem(name);
      if (!field || field.disabled) return;
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.input.value = answer.label;
    this.close();
    this.status.textContent = say(this.box.dataset.filled, { name: answer.label });
    form.elements.namedItem("name").focus();
  }
}

document.querySelectorAll("[data-find]").forEach((box) => new Finder(box));
