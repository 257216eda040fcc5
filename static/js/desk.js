/** The desk by keyboard: J and K to the next and previous file, X to tick, A to accept, ? for the keys. */

const rows = [...document.querySelectorAll("[data-row]")];
const current = rows.findIndex((row) => row.hasAttribute("aria-current"));

function open(index) {
  rows[index]?.querySelector("a[href]")?.click();
}

const keys = {
  j: () => open(current + 1),
  k: () => open(current - 1),
  x: () => rows[current]?.querySelector("input[type=checkbox]")?.click(),
  a: () => document.querySelector(".decide .btn-primary")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  keys[event.key.toLowerCase()]?.();
});
