/** The map of one scene: its footprint, its quicklook, the area it was found for. */

import { Footprints } from "../footprints.js";
import { createMap, drawArea } from "../map.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const map = createMap(document.getElementById("scene-map"), { wheel: false });
const shapes = new Footprints(map).set(read("bench-features"));
const area = read("bench-area");
const box = shapes.bounds();
if (area) box.extend(drawArea(map, area).getBounds());
map.fitBounds(box, { padding: [16, 16], animate: false });
[...shapes.layers.keys()].forEach((id) => shapes.showImage(id));
