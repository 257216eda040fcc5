/** The form of a project: its places on a map, and one more drawn over them. */

import { Draw } from "./draw.js";
import { createMap, drawArea } from "./map.js";

const element = document.getElementById("project-map");
const shapes = JSON.parse(document.getElementById("project-shapes").textContent);
const map = createMap(element, { wheel: false });
if (shapes.area) map.fitBounds(drawArea(map, shapes.area).getBounds(), { padding: [24, 24], animate: false });
new Draw(map, { field: document.getElementById("id_area-text") });
