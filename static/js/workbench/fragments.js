/** Parts of the page that another room serves: fetched with the question, swapped in whole. */

import { enliven } from "../shell.js";

/** Fetch every part again; `query` is the question, a part may name its own. */
export function loadFragments(root, query) {
  root.querySelectorAll("[data-fragment]").forEach((place) => load(place, place.dataset.fragmentQuery ?? query));
}

async function load(place, query) {
  const address = `${place.dataset.fragment}?${query}`;
  place.dataset.asked = address;
  place.setAttribute("aria-busy", "true");
  let html = null;
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    if (response.ok) html = await response.text();
  } catch {
    // The part stays as it is: the page works without it.
  }
  if (place.dataset.asked !== address) return;
  place.removeAttribute("aria-busy");
  if (html === null) return;
  place.innerHTML = html;
  window.htmx?.process(place);
  enliven(place);
}
