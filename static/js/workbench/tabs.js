/** On a narrow screen: map, list or ways. The address keeps which. */

import { rewrite } from "./address.js";

export function watchTabs(bench) {
  const tabs = document.querySelector("[data-tabs]");
  tabs.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (!tab) return;
    event.preventDefault();
    bench.dataset.view = tab.dataset.tab;
    tabs.querySelectorAll("[data-tab]").forEach((one) => {
      if (one === tab) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    });
    rewrite({ view: tab.dataset.tab });
    window.scrollTo({ top: 0 });
  });
}
