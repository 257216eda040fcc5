/** The address bar holds the whole state: the question, the chosen scene, what is compared, where the map is. */

const KEPT = ["scene", "beside", "by", "split", "map", "view"];

/** Change some parameters of the address, "" takes one out; nothing is added to the history. */
export function rewrite(changes) {
  const query = new URLSearchParams(location.search);
  Object.entries(changes).forEach(([name, value]) => {
    if (value) query.set(name, value);
    else query.delete(name);
  });
  replace(query);
}

/** Put a new question into the address and keep what is not the question's. */
export function ask(question) {
  const before = new URLSearchParams(location.search);
  const query = new URLSearchParams(question);
  KEPT.forEach((name) => { if (before.get(name)) query.set(name, before.get(name)); });
  replace(query);
}

function replace(query) {
  const text = query.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
}
