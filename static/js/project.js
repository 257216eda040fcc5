/** The form of a project: its places on a map, and one more drawn over them; words are kept before a place or a partner is added. */

import { Draw } from "./draw.js";
import { createMap, drawArea } from "./map.js";

const element = document.getElementById("project-map");
const shapes = JSON.parse(document.getElementById("project-shapes").textContent);
const map = createMap(element, { wheel: false });
if (shapes.area) map.fitBounds(drawArea(map, shapes.area).getBounds(), { padding: [24, 24], animate: false });
new Draw(map, { field: document.getElementById("id_area-text") });

// The places and the partners have forms of their own: what was typed beside them would be lost with the page.
const form = document.getElementById("project-form");
const written = () => new URLSearchParams(new FormData(form)).toString();
const kept = written();

document.querySelectorAll("aside form").forEach((other) => {
  other.addEventListener("submit", async (event) => {
    if (other.dataset.ready || written() === kept) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer?.ok) {
      other.dataset.ready = "yes";
      other.requestSubmit(event.submitter);
    } else form.requestSubmit(form.querySelector("button:not([name])"));
  });
});
