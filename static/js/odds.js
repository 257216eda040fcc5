/** The odds beside the tasking form: asked for again whenever the form changes. Without this, a button asks. */

const form = document.querySelector("form[data-odds]");
const place = document.getElementById("odds");
let waiting = 0;
let asked = "";

async function ask() {
  const said = new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"));
  const address = `${form.dataset.odds}&${said}`;
  if (address === asked) return;
  asked = address;
  place.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" } });
    const html = response.ok ? await response.text() : null;
    if (html !== null && address === asked) place.innerHTML = html;
  } catch {
    // The odds stay as they were: the form works without them.
  } finally {
    place.removeAttribute("aria-busy");
  }
}

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 350);
});
