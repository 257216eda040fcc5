/** The page's language and the words it gave to the scripts. */

const element = document.getElementById("words");

export const words = element ? JSON.parse(element.textContent) : {};
export const language = document.documentElement.lang || "en";

/** Fill the named places of a sentence: say("%(n)s left", { n: 3 }). */
export function say(sentence, values = {}) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Write a number as the page's language does, with at most `digits` decimals. */
export function number(value, digits = 1) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}
