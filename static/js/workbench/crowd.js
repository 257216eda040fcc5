/**
 * Every footprint of the question, not only those of the list: far away as counts, nearer as outlines.
 *
 * The server sends the newest two thousand as bare outlines. All outlines of one way are one path, so
 * that thousands move as one. Like all shapes they are no stops for the keyboard: the list says the same.
 */

import { BELOW_TOOLS, contains } from "../footprints.js";
import { number, say, words } from "./words.js";

const L = window.L;
const SMALL = 14; // pixels: footprints below are counted, not drawn
const CELL = 72; // pixels between two counts

export class Crowd {
  constructor(bench, map) {
    this.bench = bench;
    this.map = map;
    this.features = [];
    this.number = 0;
    this.group = L.layerGroup().addTo(map.map);
    map.map.on("zoomend", () => this.draw());
    map.map.on("click", ({ latlng }) => this.choose(latlng));
  }

  /** Ask for all footprints when the list shows only some; late answers are let go. */
  async load(query, { isWhole }) {
    this.number += 1;
    const mine = this.number;
    this.take([], true);
    if (isWhole) return;
    try {
      const response = await fetch(`${this.bench.dataset.footprints}?${query}`, { headers: { accept: "application/geo+json" } });
      if (!response.ok) return;
      const given = await response.json();
      if (mine === this.number) this.take(given.features, given.is_all);
    } catch {
      // The list and its own footprints are there; this is more of the same.
    }
  }

  take(features, isAll) {
    this.features = features.map(({ properties, geometry }) => {
      const box = L.geoJSON(geometry).getBounds();
      return { ...properties, geometry, box, middle: box.getCenter() };
    });
    const credit = this.map.map.attributionControl;
    if (this.said) credit.removeAttribution(this.said);
    this.said = isAll ? null : say(words.crowd_capped, { count: number(features.length, 0) });
    if (this.said) credit.addAttribution(this.said);
    this.draw();
  }

  draw() {
    this.group.clearLayers();
    this.counted = this.isFar();
    if (this.counted) this.counts();
    else this.outlines();
  }

  /** The footprint in the middle of all sizes is too small to be seen as a shape. */
  isFar() {
    const widths = this.features.map(({ box }) => this.width(box)).sort((one, other) => one - other);
    return widths.length > 0 && widths[Math.floor(widths.length / 2)] < SMALL;
  }

  width(box) {
    const { map } = this.map;
    return map.project(box.getNorthEast()).x - map.project(box.getSouthWest()).x;
  }

  outlines() {
    const listed = this.map.shapes.layers;
    const ways = new Map();
    this.features.filter(({ id }) => !listed.has(id)).forEach(({ way, geometry }) => {
      const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
      ways.set(way, [...(ways.get(way) || []), ...polygons]);
    });
    ways.forEach((coordinates, way) => {
      const shape = { type: "MultiPolygon", coordinates };
      this.group.addLayer(L.geoJSON(shape, { className: `crowd way-${way}`, interactive: false }));
    });
  }

  counts() {
    const { map } = this.map;
    const cells = new Map();
    this.features.forEach((one) => {
      const { x, y } = map.project(one.middle);
      const cell = `${Math.floor(x / CELL)}:${Math.floor(y / CELL)}`;
      cells.set(cell, [...(cells.get(cell) || []), one]);
    });
    this.apart([...cells.values()]).forEach(({ at, members }) => this.group.addLayer(this.count(map.unproject(at), members)));
  }

  /** Where two counts would lie on each other, across a border of two cells, they are one. */
  apart(cells) {
    const groups = [];
    cells.sort((one, other) => other.length - one.length).forEach((members) => {
      const at = this.map.map.project(middleOf(members));
      const near = groups.find((group) => group.at.distanceTo(at) < (sizeOf(group.members) + sizeOf(members)) / 2);
      if (near) near.members.push(...members);
      else groups.push({ at, members: [...members] });
    });
    return groups;
  }

  count(at, members) {
    const box = members.reduce((all, one) => all.extend(one.box), L.latLngBounds([]));
    const size = sizeOf(members);
    const icon = L.divIcon({ className: "crowd-count num", html: number(members.length, 0), iconSize: [size, size] });
    const mark = L.marker(at, { icon, keyboard: false, title: say(words.crowd_count, { count: number(members.length, 0) }) });
    mark.on("click", () => this.map.map.fitBounds(box, { padding: [40, 40], maxZoom: 12 }));
    return mark;
  }

  /** At a place without a footprint of the list: the pages of those that are there. */
  choose(at) {
    if (this.counted || this.map.map.pm?.globalDrawModeEnabled()) return;
    const listed = this.map.shapes.layers;
    const here = this.features.filter(({ id, box, geometry }) => !listed.has(id) && box.contains(at) && contains(geometry, at));
    if (!here.length) return;
    L.popup({ autoPanPaddingTopLeft: BELOW_TOOLS }).setLatLng(at).setContent(this.chooser(here)).openOn(this.map.map);
  }

  chooser(here) {
    const box = document.createElement("div");
    box.className = "chooser";
    const title = document.createElement("span");
    title.className = "over";
    title.textContent = say(words.crowd_count, { count: number(here.length, 0) });
    box.append(title, ...here.map((one) => this.row(one)));
    return box;
  }

  /** One scene: its page and, for who has a basket, the way into it, with the area it was found for. */
  row({ id, way, label }) {
    const row = document.createElement("div");
    row.className = "chooser-row";
    const link = document.createElement("a");
    link.className = `way way-${way}`;
    link.href = this.bench.dataset.sceneUrl.replace("ITEM", encodeURIComponent(id)) + location.search;
    const swatch = document.createElement("i");
    swatch.className = "swatch";
    link.append(swatch, document.createTextNode(label));
    row.append(link);
    if (this.bench.dataset.basketUrl) row.append(this.basket(id, label));
    return row;
  }

  basket(id, label) {
    const link = document.createElement("a");
    const area = new URLSearchParams(location.search).get("area");
    link.href = `${this.bench.dataset.basketUrl}?${new URLSearchParams({ scene: id, ...(area ? { area } : {}) })}`;
    link.textContent = words.basket;
    link.setAttribute("aria-label", `${words.basket} ${label}`);
    return link;
  }
}

function sizeOf(members) {
  return Math.round(26 + 7 * Math.log10(members.length));
}

function middleOf(members) {
  const sum = members.reduce(([lat, lng], { middle }) => [lat + middle.lat, lng + middle.lng], [0, 0]);
  return sum.map((total) => total / members.length);
}
