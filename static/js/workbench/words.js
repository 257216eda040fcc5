/** The words the server gave to the workbench's script, in the page's language. */

export { language, number, say } from "../words.js";

const element = document.getElementById("bench-words");
export const words = element ? JSON.parse(element.textContent) : {};
