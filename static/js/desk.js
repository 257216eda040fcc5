/**
 * The desk by keyboard: J and K to the next and previous file, X to tick, A to accept, P, E and R to open a
 * decision with words, Z to undo, N to note, ? for the keys. The time left to undo is counted down; ticks are kept.
 */

const rows = [...document.querySelectorAll("[data-row]")];
const current = rows.findIndex((row) => row.hasAttribute("aria-current"));
const help = document.querySelector("[data-keys-help]");

/* Between a key or a decision and the next page the file shown is the old one: no key acts on it any more. */
let leaving = false;
window.addEventListener("pageshow", () => {
  leaving = false;
});
document.querySelectorAll(".decide form").forEach((form) => {
  form.addEventListener("submit", () => {
    leaving = true;
  });
});

function open(index) {
  const link = rows[index]?.querySelector("a[href]");
  if (!link) return;
  leaving = true;
  rows.forEach((row) => row.classList.toggle("is-on", row === rows[index]));
  link.click();
}

function unfold(details) {
  if (!details) return;
  details.open = true;
  const field = details.querySelector("textarea, select, input:not([type=hidden])");
  (details.querySelector("textarea[name$=reason], textarea[name$=text]") ?? field)?.focus();
}

const keys = {
  j: () => open(current + 1),
  k: () => open(current - 1),
  x: () => rows[current]?.querySelector("input[type=checkbox]")?.click(),
  a: () => document.querySelector(".decide .btn-primary")?.focus(),
  p: () => unfold(document.querySelector("[data-verb=offer_part] details")),
  e: () => unfold(document.querySelector("[data-verb=ask_to_complete] details")),
  r: () => unfold(document.querySelector("[data-verb=refuse] details")),
  z: () => document.querySelector("[data-undo]")?.focus(),
  n: () => unfold(document.querySelector("[data-notes]")),
  "?": () => help?.showModal(),
};

/* Out of a decision that was opened, its words kept: the keys of the desk answer again. */
function leave() {
  const opened = document.activeElement?.closest(".decide details[open], [data-notes][open]");
  if (!opened) return;
  opened.open = false;
  opened.querySelector("summary")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !help?.open) leave();
  if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
  if (leaving) {
    event.preventDefault();
    return;
  }
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

/* After a decision the next request opens: the form names it. */
const following = rows[current + 1] ?? rows[current - 1];
const reference = following?.querySelector("a[href]")?.pathname.split("/").at(-2) ?? "";
document.querySelectorAll("[data-next]").forEach((field) => {
  field.value = reference;
});

/* What is ticked stays ticked while files are read one after the other, until it is decided on. */
const boxes = rows.map((row) => row.querySelector("input[type=checkbox]")).filter(Boolean);
const counted = document.querySelector("[data-ticked]");
const TICKED = "desk-ticked";

function kept() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(TICKED) ?? "[]"));
  } catch {
    return new Set(); // no store in this browser, or somebody else's words in it
  }
}

function keep(ticked) {
  try {
    sessionStorage.setItem(TICKED, JSON.stringify([...ticked].slice(-200)));
  } catch {
    // Without a store the ticks are those of this page.
  }
}

function keepTicks() {
  const ticked = kept();
  for (const box of boxes) ticked[box.checked ? "add" : "delete"](box.value);
  keep(ticked);
  if (!counted) return;
  const here = boxes.filter((box) => box.checked).length;
  counted.hidden = here === 0;
  counted.querySelector("b").textContent = here;
}

if (boxes.length) {
  const before = kept();
  for (const box of boxes) {
    box.checked ||= before.has(box.value);
    box.addEventListener("change", keepTicks);
  }
  keepTicks();
  boxes[0].form.addEventListener("submit", () => keep(new Set()));
}

/* A moment to undo, second by second; over, the button goes. */
document.querySelectorAll("[data-seconds]").forEach((shown) => {
  const end = Date.now() + Number(shown.dataset.seconds) * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) {
      shown.textContent = shown.textContent.replace(/\d+/, left);
      return;
    }
    clearInterval(timer);
    shown.closest("form")?.remove();
  }, 500);
});
