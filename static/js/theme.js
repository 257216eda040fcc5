/** The theme switch: at once and without a reload; the form behind it serves pages without scripts. */

import { words } from "./words.js";

const root = document.documentElement;
const YEAR = 365 * 86400;

function show(theme) {
  root.dataset.bsTheme = theme;
  document.querySelectorAll("[data-theme-switch] button").forEach((button) => {
    button.value = theme === "dark" ? "light" : "dark";
    const name = theme === "dark" ? words.theme_to_light : words.theme_to_dark;
    if (button.hasAttribute("aria-label") && name) button.setAttribute("aria-label", name);
  });
  document.dispatchEvent(new CustomEvent("theme:changed", { detail: theme }));
}

document.querySelectorAll("[data-theme-switch]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
    delete root.dataset.themeAuto;
    show(theme);
  });
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
  if ("themeAuto" in root.dataset) show(event.matches ? "dark" : "light");
});

show(root.dataset.bsTheme || "light");
