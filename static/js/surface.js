/** An approximate surface for the eye while drawing; the server's geodesic figure is the one that counts. */

const RADIUS_KM = 6371.0072; // sphere of the same surface as the WGS 84 ellipsoid
const RADIAN = Math.PI / 180;

/** Return the km² of a GeoJSON polygon (or several), holes taken off, on that sphere. */
export function approximateKm2(geometry) {
  const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  return polygons.reduce((sum, rings) => sum + rings.reduce((left, ring, index) => {
    const surface = Math.abs(ringSurface(ring));
    return index ? left - surface : surface;
  }, 0), 0);
}

/* Line integral of sin(latitude) over longitude, exact for a sphere as sides grow short. */
function ringSurface(ring) {
  let total = 0;
  for (let i = 0; i < ring.length - 1; i += 1) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[i + 1];
    total += (x2 - x1) * RADIAN * (2 + Math.sin(y1 * RADIAN) + Math.sin(y2 * RADIAN));
  }
  return (total * RADIUS_KM * RADIUS_KM) / 2;
}

/** Tell whether the outline of a ring ([lng, lat] pairs, closed) meets itself. */
export function crossesItself(ring) {
  for (let i = 0; i < ring.length - 1; i += 1) {
    for (let j = i + 2; j < ring.length - 1; j += 1) {
      const neighbours = i === 0 && j === ring.length - 2;
      if (!neighbours && meet(ring[i], ring[i + 1], ring[j], ring[j + 1])) return true;
    }
  }
  return false;
}

function meet(a, b, c, d) {
  const side = (p, q, r) => Math.sign((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}
