/**
 * The words of a project are kept before a place or a partner is added: those have forms of their own, and what was
 * typed beside them would be lost with the page. It waits for no map, so that nobody types before it listens.
 */

const form = document.getElementById("project-form");

document.querySelectorAll("aside form").forEach((other) => {
  other.addEventListener("submit", async (event) => {
    if (other.dataset.ready || ![...form.elements].some(isChanged)) return;
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer?.ok) {
      other.dataset.ready = "yes";
      other.requestSubmit(event.submitter);
    } else form.requestSubmit(form.querySelector("button:not([name])"));
  });
});

/** Against what the page came with, whenever this is asked. */
function isChanged(control) {
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control.options) return [...control.options].some((one, place) => one.selected !== wasChosen(control, one, place));
  return "defaultValue" in control && control.value !== control.defaultValue;
}

/** Of a list in which nothing is marked a browser chooses the first. */
function wasChosen(list, option, place) {
  const isMarked = [...list.options].some((one) => one.defaultSelected);
  return isMarked || list.multiple ? option.defaultSelected : place === 0;
}
