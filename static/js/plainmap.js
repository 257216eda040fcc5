/**
 * Maps without behaviour, drawn from a JSON element: `data-map` with `data-shapes="<id>"`, whose JSON holds
 * any of `area`, `charged`, `covered` (GeoJSON geometries), `footprints` (a FeatureCollection),
 * `quicklook` ({ url, corners | bounds, alt }).
 */

import { Footprints } from "./footprints.js";
import { createMap, drawArea, drawShape } from "./map.js";
import { layQuicklook } from "./quicklook.js";

const L = window.L;

function fill(element) {
  const shapes = JSON.parse(document.getElementById(element.dataset.shapes).textContent);
  const map = createMap(element, { wheel: false });
  const box = L.latLngBounds([]);
  if (shapes.quicklook) {
    layQuicklook(map, shapes.quicklook.url, shapes.quicklook, shapes.quicklook.alt);
    element.classList.add("on-image");
  }
  if (shapes.footprints) box.extend(new Footprints(map).set(shapes.footprints).bounds());
  if (shapes.covered) box.extend(drawShape(map, shapes.covered, "ar-covered").getBounds());
  if (shapes.charged) box.extend(drawShape(map, shapes.charged, "ar-charged").getBounds());
  if (shapes.area) box.extend(drawArea(map, shapes.area).getBounds());
  if (box.isValid()) map.fitBounds(box, { padding: [16, 16], animate: false });
}

document.querySelectorAll("[data-map][data-shapes]").forEach(fill);
