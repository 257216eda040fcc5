/** A sentence in a corner of a map. */

const L = window.L;

/** Say something in a corner of the map for ten seconds. */
export function notice(map, sentence) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const box = L.DomUtil.create("div", "map-notice");
    box.setAttribute("role", "status");
    box.textContent = sentence;
    return box;
  };
  control.addTo(map);
  setTimeout(() => control.remove(), 10000);
}
