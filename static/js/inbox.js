/* The referent's keys: J and K walk the requests, A accepts the one in focus. Everything works without them. */
const cards = [...document.querySelectorAll("[data-inbox] .ask-card")];

function move(by) {
  const now = cards.indexOf(document.activeElement.closest(".ask-card"));
  const next = cards[Math.min(Math.max(now + by, 0), cards.length - 1)];
  next?.focus();
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [popover]:popover-open");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !cards.length) return;
  const key = event.key.toLowerCase();
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "a") document.activeElement.closest(".ask-card")?.querySelector("[data-key=a]")?.click();
});
