/** The workbench: the question above, the scenes beside, the map and its area, each told of the others. */

import { AreaSender } from "./areas.js";
import { Answer } from "./answer.js";
import { Ask } from "./ask.js";
import { Choice } from "./choice.js";
import { Compare } from "./compare.js";
import { Crowd } from "./crowd.js";
import { loadFragments } from "./fragments.js";
import { BenchMap } from "./benchmap.js";
import { Places } from "./places.js";
import { watchKeys } from "./keys.js";
import { watchPops } from "./pops.js";
import { watchTabs } from "./tabs.js";

const bench = document.querySelector("[data-bench]");
const map = new BenchMap(bench);
const choice = new Choice(bench, map);
const compare = new Compare(bench, map, choice);
const crowd = new Crowd(bench, map);
const answer = new Answer(bench, map, choice, crowd);
const ask = new Ask(bench, answer);
new Places(bench, map, new AreaSender(bench, map, ask));

watchPops();
watchKeys();
watchTabs(bench);
answer.show(JSON.parse(document.getElementById("bench-features").textContent), { fit: !map.restore() });
choice.restore();
compare.restore();
crowd.load(ask.query(), { isWhole: !bench.querySelector("[data-more]") });
loadFragments(bench, ask.query());
