/** The offline base map: land, borders and country names of Natural Earth (npm world-atlas), in SVG. */

import { notice } from "./notice.js";
import { language, words } from "./words.js";

const L = window.L;
const FINE_FROM = 7; // zoom at which the 1:10 million outlines are fetched and shown
const SMALLEST = 1.2; // pixels: a smaller island is not drawn
const NAME_FROM = 56; // pixels across which a piece of land deserves its country's name
const OVERSEAS = [ // pieces of France that have a code, hence a name, of their own: [code, west, south, east, north]
  ["GF", -55, 2, -51, 6], ["GP", -62, 15.7, -60.9, 16.6], ["MQ", -61.3, 14.3, -60.7, 15],
  ["RE", 55.1, -21.5, 55.9, -20.8], ["YT", 44.9, -13.1, 45.4, -12.6],
];
const fetched = new Map();

function load(address) {
  if (!fetched.has(address)) {
    fetched.set(address, fetch(address).then((answer) => {
      if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
      return answer.json();
    }).then(prepare));
  }
  return fetched.get(address);
}

/** Turn a topology into single pieces of land with their box and country, and the borders between countries. */
function prepare(topology) {
  const countries = topology.objects.countries;
  const pieces = window.topojson.feature(topology, countries).features.flatMap((country) => {
    const { type, coordinates } = country.geometry;
    const polygons = type === "Polygon" ? [coordinates] : coordinates;
    return polygons.map((rings) => piece(rings.map(unwrap), country.id, country.properties.name));
  });
  const borders = window.topojson.mesh(topology, countries, (a, b) => a !== b);
  return [...pieces, ...borders.coordinates.map((line) => piece([unwrap(line)], "", ""))];
}

/** A piece of land (with its country) or a border (without), and its copies one world further. */
function piece(latlngs, id, name) {
  return { latlngs, bounds: L.latLngBounds(latlngs[0]), id, name, copies: new Map() };
}

/**
 * Turn [lng, lat] into [lat, lng] without a jump at the antimeridian: longitudes go on past 180.
 * A ring that goes round the pole (Antarctica) is closed below the map.
 */
function unwrap(line) {
  let shift = 0;
  const out = line.map(([x, y], index) => {
    const step = index ? x - line[index - 1][0] : 0;
    if (step > 180) shift -= 360;
    if (step < -180) shift += 360;
    return [y, x + shift];
  });
  if (Math.abs(shift) === 360) out.push([-89, out.at(-1)[1]], [-89, out[0][1]]);
  return out;
}

function copy(one, shift) {
  if (!shift) return one;
  if (!one.copies.has(shift)) {
    one.copies.set(shift, piece(one.latlngs.map((line) => line.map(([y, x]) => [y, x + shift])), one.id, one.name));
  }
  return one.copies.get(shift);
}

const World = L.Layer.extend({
  initialize({ coarse, fine }) {
    this._addresses = { coarse, fine };
    this._shown = new Map();
  },

  onAdd(map) {
    this._renderer = L.svg({ pane: "world", padding: 0.5 });
    this._land = L.layerGroup().addTo(map);
    this._names = L.layerGroup().addTo(map);
    map.on("moveend", this._draw, this);
    this._use("coarse");
    return this;
  },

  onRemove(map) {
    map.off("moveend", this._draw, this);
    this._land.remove();
    this._names.remove();
  },

  /** Fetch one level of detail and show it, unless another is wanted by then. */
  async _use(level) {
    if (this._wanted === level) return;
    this._wanted = level;
    try {
      const world = await load(this._addresses[level]);
      if (this._wanted !== level || !this._map) return;
      this._clear();
      Object.assign(this, { _world: world, _level: level });
      this._draw();
    } catch {
      if (!this._world && this._map) notice(this._map, words.map.no_world);
    }
  },

  _clear() {
    this._land.clearLayers();
    this._shown.clear();
  },

  _draw() {
    if (!this._world) return;
    const level = this._map.getZoom() >= FINE_FROM && this._addresses.fine ? "fine" : "coarse";
    this._use(level);
    if (this._level === "fine" && level === "coarse") {
      this._clear(); // the fine outlines of the whole world would take seconds
      return;
    }
    const wanted = this._inView();
    this._shown.forEach((layers, one) => {
      if (wanted.has(one)) return;
      layers.forEach((layer) => this._land.removeLayer(layer));
      this._shown.delete(one);
    });
    wanted.forEach((one) => { if (!this._shown.has(one)) this._show(one); });
    this._name([...wanted].filter((one) => one.id));
  },

  /** Return what can be seen: large enough to be a dot, in the view or a little around, in any copy of the world. */
  _inView() {
    const view = this._map.getBounds().pad(0.5);
    const scale = (256 * 2 ** this._map.getZoom()) / 360; // pixels for a degree at the equator
    const shifts = [-360, 0, 360].filter((shift) => view.getWest() < shift + 200 && view.getEast() > shift - 200);
    const wanted = new Set();
    this._world.forEach((one) => {
      if (one.id && (one.bounds.getEast() - one.bounds.getWest()) * scale < SMALLEST) return;
      shifts.forEach((shift) => {
        const west = one.bounds.getWest() + shift;
        const east = one.bounds.getEast() + shift;
        if (east < view.getWest() || west > view.getEast()) return;
        if (one.bounds.getNorth() > view.getSouth() && one.bounds.getSouth() < view.getNorth()) wanted.add(copy(one, shift));
      });
    });
    return wanted;
  },

  _show(one) {
    const path = (className) => ({ renderer: this._renderer, pane: "world", interactive: false, className, smoothFactor: 1 });
    const layers = one.id
      ? [L.polygon(one.latlngs, path("map-coast")), L.polygon(one.latlngs, path("map-land"))]
      : [L.polyline(one.latlngs, path("map-border"))];
    layers.forEach((layer) => this._land.addLayer(layer));
    if (one.id) layers[0].bringToBack();
    this._shown.set(one, layers);
  },

  /** Name each country once, in the largest of its pieces in view, at the middle of what is seen of it. */
  _name(pieces) {
    this._names.clearLayers();
    const largest = new Map();
    pieces.forEach((one) => {
      const seen = this._seen(one);
      const name = seen && seen.across > NAME_FROM ? countryName(one) : null;
      if (name && !(largest.get(name)?.surface > seen.surface)) largest.set(name, seen);
    });
    const taken = [];
    [...largest].sort(([, a], [, b]) => b.surface - a.surface).forEach(([name, seen]) => {
      const half = L.point(name.length * 3.6 + 4, 9);
      const box = L.bounds(seen.middle.subtract(half), seen.middle.add(half));
      if (taken.some((other) => other.overlaps(box))) return;
      taken.push(box);
      this._names.addLayer(this._label(name, seen.middle));
    });
  },

  _label(name, middle) {
    const icon = L.divIcon({ className: "map-label country", html: label(name), iconSize: null });
    const at = this._map.containerPointToLatLng(middle);
    return L.marker(at, { icon, interactive: false, keyboard: false, pane: "names" });
  },

  _seen(one) {
    const map = this._map;
    const size = map.getSize();
    const box = L.bounds([[0, 0], [size.x, size.y]]);
    const corners = [one.bounds.getNorthWest(), one.bounds.getSouthEast()].map((at) => map.latLngToContainerPoint(at));
    if (corners[1].x - corners[0].x < NAME_FROM || !box.intersects(L.bounds(corners))) return null;
    const outline = one.latlngs[0];
    const step = Math.max(1, Math.floor(outline.length / 400));
    const points = outline.filter((_, index) => index % step === 0).map((at) => map.latLngToContainerPoint(at));
    const inside = L.PolyUtil.clipPolygon(points, box, true);
    return inside.length < 3 ? null : middle(inside);
  },
});

/** Return the centre of gravity, surface and width of an outline in pixels. */
function middle(points) {
  let [surface, x, y] = [0, 0, 0];
  points.forEach((a, index) => {
    const b = points[(index + 1) % points.length];
    const cross = a.x * b.y - b.x * a.y;
    surface += cross / 2;
    x += (a.x + b.x) * cross;
    y += (a.y + b.y) * cross;
  });
  if (Math.abs(surface) < 1) return null;
  const box = L.bounds(points);
  return { surface: Math.abs(surface), across: box.getSize().x, middle: L.point(x / (6 * surface), y / (6 * surface)) };
}

/** Say a country's name in the page's language; its numeric code is turned into letters by the browser. */
function countryName(one) {
  const home = one.bounds.getCenter();
  const own = one.id === "250" && OVERSEAS.find(([, w, s, e, n]) => home.lng > w && home.lng < e && home.lat > s && home.lat < n);
  try {
    const code = own ? own[0] : new Intl.Locale(`und-${one.id}`).region;
    return new Intl.DisplayNames(language, { type: "region", fallback: "none" }).of(code) || one.name;
  } catch {
    return one.name;
  }
}

function label(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

/** Add the base map under everything else. */
export function addWorld(map, addresses) {
  return new World(addresses).addTo(map);
}
