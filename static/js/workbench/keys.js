/** The keys of the workbench, in a panel that "?" opens. */

/** Whether an Escape is meant for the page, not for a panel, a field or a popup that it closes first. */
export function isEscape(event) {
  return event.key === "Escape" && !event.defaultPrevented && !event.target.closest("[data-pop][open], dialog, input[type=search], .leaflet-popup, [contenteditable]");
}

export function watchKeys() {
  const help = document.querySelector("[data-keys-help]");
  document.querySelector("[data-open-keys]").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input:not([type=range]), textarea, select");
    if (event.key === "?" && !isTyping && !help.open) help.showModal();
  });
}
