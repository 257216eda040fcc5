/* Run before the first paint: where the reader chose no theme, follow the system's. */
if (!document.documentElement.dataset.bsTheme) {
  document.documentElement.dataset.bsTheme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.themeAuto = "";
}
