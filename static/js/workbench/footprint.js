/** The desk's map: a footprint is drawn over the 1° cell that the identifier names. */

import { Draw } from "../draw.js";
import { createMap, drawShape } from "../map.js";

const element = document.getElementById("footprint-map");
const cell = JSON.parse(document.getElementById("footprint-cell").textContent);
const map = createMap(element, { wheel: false });
map.fitBounds(drawShape(map, cell, "ar-charged").getBounds(), { padding: [16, 16], animate: false });
new Draw(map, { field: document.getElementById("id_footprint") });
