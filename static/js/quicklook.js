/** A quicklook laid on its scene: by its box, or by three corners when the scene is tilted. */

const L = window.L;

/** An image whose upper left, upper right and lower left corners are given ([lat, lng] each). */
const TiltedImage = L.ImageOverlay.extend({
  initialize(address, corners, options) {
    this._corners = corners.map((corner) => L.latLng(corner));
    const [topLeft, topRight, bottomLeft] = this._corners;
    const last = L.latLng(topRight.lat + bottomLeft.lat - topLeft.lat, topRight.lng + bottomLeft.lng - topLeft.lng);
    L.ImageOverlay.prototype.initialize.call(this, address, L.latLngBounds([...this._corners, last]), options);
  },

  _initImage() {
    L.ImageOverlay.prototype._initImage.call(this);
    this._image.classList.add("quicklook");
    this._image.addEventListener("load", () => this._reset());
  },

  _reset() {
    const { naturalWidth: width, naturalHeight: height } = this._image;
    if (!width || !this._map) return;
    const [o, r, b] = this._corners.map((corner) => this._map.latLngToLayerPoint(corner));
    const [x, y] = [r.subtract(o).divideBy(width), b.subtract(o).divideBy(height)];
    this._image.style.width = `${width}px`;
    this._image.style.height = `${height}px`;
    this._image.style.transform = `matrix(${x.x},${x.y},${y.x},${y.y},${o.x},${o.y})`;
  },

  _animateZoom() {
    this._image.style.visibility = "hidden";
    this._map.once("zoomend", () => { this._image.style.visibility = ""; });
  },
});

/** Lay an image on the map. `place` holds `corners` (three) or `bounds` ([[s, w], [n, e]]). */
export function layQuicklook(map, address, place, alt, pane = "quicklooks") {
  const options = { alt, pane, interactive: false };
  const image = place.corners ? new TiltedImage(address, place.corners, options) : L.imageOverlay(address, place.bounds, options);
  return image.addTo(map);
}
