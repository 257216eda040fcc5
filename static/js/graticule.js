/** Meridians and parallels at a round step, their degrees along the left and lower edges. */

import { language } from "./words.js";

const L = window.L;
const STEPS = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
const MOST_LINES = 12;
const LABEL = 72; // pixels a label of degrees needs, so that no two touch
const CLEAR = 64; // pixels kept free above and below for tools, scale and credit

/** Keep a graticule on the map; it follows the view. */
export function addGraticule(map) {
  const group = L.layerGroup().addTo(map);
  const renderer = L.svg({ pane: "grid", padding: 0.5 });
  const draw = () => {
    group.clearLayers();
    const view = map.getBounds();
    const width = Math.min(view.getEast() - view.getWest(), 360);
    const most = Math.min(MOST_LINES, map.getSize().x / LABEL);
    const step = STEPS.findLast((one) => width / one <= most) || STEPS[0];
    const line = (points) => group.addLayer(L.polyline(points, { renderer, pane: "grid", interactive: false, className: "map-grid" }));
    const south = Math.max(view.getSouth() - step, -85);
    const north = Math.min(view.getNorth() + step, 85);
    range(view.getWest(), view.getEast(), step).forEach((x) => {
      line([[south, x], [north, x]]);
      group.addLayer(tick(map, x, "x", step));
    });
    const height = map.getSize().y;
    range(south, north, step).forEach((y) => {
      line([[y, view.getWest() - step], [y, view.getEast() + step]]);
      const at = map.latLngToContainerPoint([y, view.getWest()]).y;
      if (at > CLEAR && at < height - CLEAR) group.addLayer(tick(map, y, "y", step));
    });
  };
  map.on("moveend", draw);
  draw();
}

function range(from, to, step) {
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: Math.min(count, 60) }, (_, index) => Number(((first + index) * step).toFixed(4)));
}

function tick(map, value, axis, step) {
  const edge = axis === "x" ? [0, 4] : [4, 0];
  const corner = map.containerPointToLatLng(edge);
  const at = axis === "x" ? [corner.lat, value] : [value, corner.lng];
  const span = document.createElement("span");
  span.textContent = degrees(value, axis, step);
  const icon = L.divIcon({ className: "map-label tick", html: span, iconSize: null, iconAnchor: axis === "x" ? [-3, 0] : [0, 15] });
  return L.marker(at, { icon, interactive: false, keyboard: false, pane: "names" });
}

function degrees(value, axis, step) {
  const lng = ((value + 540) % 360) - 180;
  const shown = axis === "x" ? lng : value;
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const text = new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(Math.abs(shown));
  const west = language === "fr" ? "O" : "W";
  const side = shown === 0 ? "" : axis === "x" ? (shown > 0 ? "E" : west) : shown > 0 ? "N" : "S";
  return `${text}°${side ? `\u00a0${side}` : ""}`;
}
