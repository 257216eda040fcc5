/** The gallery's map: two footprints, one area that can be redrawn. */

import { Draw } from "./draw.js";
import { Footprints } from "./footprints.js";
import { createMap } from "./map.js";

const box = (id, way, label, ring) => ({
  type: "Feature", properties: { id, way, label }, geometry: { type: "Polygon", coordinates: [ring] },
});
const element = document.getElementById("gallery-map");
const map = createMap(element, { center: [4.87, -52.27], zoom: 10, wheel: false });

new Footprints(map).set({ type: "FeatureCollection", features: [
  box("a", "download", "Pléiades 1A", [[-52.243, 4.944], [-52.28, 4.761], [-52.461, 4.792], [-52.424, 4.975], [-52.243, 4.944]]),
  box("b", "produce", "Pléiades 1B", [[-52.147, 4.99], [-52.194, 4.763], [-52.377, 4.794], [-52.33, 5.021], [-52.147, 4.99]]),
  box("c", "task", "Pléiades 1B", [[-52.1, 4.9], [-52.15, 4.72], [-52.3, 4.75], [-52.25, 4.93], [-52.1, 4.9]]),
] });

element.addEventListener("area:changed", (event) => {
  document.getElementById("gallery-area").textContent = event.detail.text;
});
new Draw(map, { geometry: { type: "Polygon", coordinates: [[
  [-52.335, 4.941], [-52.297, 4.947], [-52.265, 4.931], [-52.249, 4.903], [-52.239, 4.875], [-52.224, 4.858],
  [-52.239, 4.841], [-52.265, 4.842], [-52.279, 4.865], [-52.29, 4.897], [-52.316, 4.911], [-52.335, 4.941],
]] } });
