/** Small habits of every page: messages that can be dismissed, values to copy, the search key, files to drop. */

import { language, number, say, words } from "./words.js";

const CROSS = '<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M18 6 6 18"/><path d="m6 6 12 12"/></svg>';

function addDismiss(note) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ico";
  button.setAttribute("aria-label", words.dismiss);
  button.innerHTML = CROSS;
  button.addEventListener("click", () => note.remove());
  note.append(button);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("is-done");
    announce(words.copied);
    setTimeout(() => button.classList.remove("is-done"), 2000);
  } catch {
    announce(words.copy_failed);
  }
}

/**
 * Show a short sentence at the foot of the page for some seconds; screen readers read it.
 * Of one `kind` only the last is shown: what follows something takes its place.
 */
export function announce(sentence, kind = sentence) {
  let box = document.querySelector(".toasts");
  if (!box) {
    box = document.createElement("div");
    box.className = "toasts";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  hush(kind);
  const toast = document.createElement("div");
  toast.className = "toast-d";
  toast.dataset.kind = kind;
  toast.textContent = sentence;
  box.append(toast);
  setTimeout(() => toast.remove(), 5000);
}

/** Take away the sentences of a kind: what they announced has been answered elsewhere. */
export function hush(kind) {
  [...document.querySelectorAll(".toasts > .toast-d")].filter((one) => one.dataset.kind === kind).forEach((one) => one.remove());
}

function watchDrop(zone) {
  const input = zone.querySelector("input[type=file]");
  const name = zone.querySelector("[data-drop-name]");
  ["dragenter", "dragover"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.add("is-over")));
  ["dragleave", "drop"].forEach((kind) => zone.addEventListener(kind, () => zone.classList.remove("is-over")));
  input.addEventListener("change", () => {
    const files = [...input.files];
    const limit = Number(input.dataset.limit);
    const large = limit ? files.find((file) => file.size > limit) : null;
    zone.classList.toggle("is-invalid", Boolean(large));
    input.setCustomValidity("");
    if (large) {
      const size = `${number(Math.floor(limit / 1e6))} ${language === "fr" ? "Mo" : "MB"}`;
      name.textContent = say(words.file_too_large, { name: large.name, limit: size });
      input.value = "";
      // Who sends the form all the same reads why, not that a file is to be selected.
      if (input.required) input.setCustomValidity(name.textContent);
    } else {
      name.textContent = files.length ? say(words.file_chosen, { name: files.map((file) => file.name).join(", ") }) : "";
    }
  });
}

function focusSearch(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field || !field.checkVisibility()) return;
  event.preventDefault();
  field.focus();
}

/** A form that comes back is shown where it was refused: what is said of the whole of it, else its first wrong field. */
function showRefusal() {
  const said = document.querySelector("main [data-refused]");
  const wrong = said || document.querySelector("main form :is(input, select, textarea)[aria-invalid=true]");
  if (!wrong?.checkVisibility()) return;
  wrong.scrollIntoView({ block: "center" });
  wrong.focus({ preventScroll: true });
}

/** Give their habits to the parts of a page, or of a fragment that came later. */
export function enliven(root = document) {
  root.querySelectorAll("[data-message]").forEach(addDismiss);
  root.querySelectorAll("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  });
  root.querySelectorAll("[data-drop]").forEach(watchDrop);
  root.querySelectorAll("select[data-submit], input[data-submit]").forEach((field) => {
    field.addEventListener("change", () => field.form.requestSubmit());
  });
  root.querySelectorAll("[data-view-tab]").forEach((tab) => {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(".bench").dataset.view = tab.dataset.viewTab;
      document.querySelectorAll("[data-view-tab]").forEach((other) => other.removeAttribute("aria-current"));
      tab.setAttribute("aria-current", "page");
      window.dispatchEvent(new Event("resize"));
    });
  });
}

enliven();
showRefusal();
document.addEventListener("keydown", focusSearch);
document.addEventListener("allauth.error", (event) => {
  event.preventDefault(); // it would only be written to the console
  announce(words.passkey_failed);
});
document.addEventListener("htmx:afterSwap", (event) => enliven(event.target));
