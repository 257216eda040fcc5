/** The panels of the question bar: one open at a time, closed by Escape or by a click elsewhere. */

export function watchPops(root = document) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest("[data-pop][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });
  root.addEventListener("pointerdown", (event) => {
    root.querySelectorAll("[data-pop][open]").forEach((pop) => {
      if (!pop.contains(event.target)) pop.open = false;
    });
  });
}

/** Close every open panel; who was in one stands at what opens it, not at the top of the page. */
export function closePops() {
  document.querySelectorAll("[data-pop][open]").forEach((pop) => {
    const within = pop.contains(document.activeElement);
    pop.open = false;
    if (within) pop.querySelector("summary").focus();
  });
}
