"""Accessibility, asked of the page itself: axe-core with WCAG 2.2 A and AA, RGAA 4 and good habits."""

from pathlib import Path

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
ASK = """async (rules) => {
  // What holds is not told: on a long page most of the time went into telling it. Nothing of ours plays, so no
  // media are loaded to be listened to.
  const answer = await axe.run({ runOnly: rules, resultTypes: ["violations"], preload: false });
  return answer.violations.map((one) => ({
    id: one.id, impact: one.impact,
    nodes: one.nodes.map((node) => `${node.target.join(" ")}: ${node.html.slice(0, 200)}`),
  }));
}"""


def stand_by(page: Page) -> None:
    """Have axe in every page opened from now on: for walks, where bringing it to each took half as long as asking."""
    page.add_init_script(path=SOURCE)


def violations(page: Page) -> list[str]:
    """Return one line per rule broken, with the first elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(SOURCE.read_text())
    found = page.evaluate(ASK, RULES)
    return [f"{one['id']} ({one['impact']}): {' | '.join(one['nodes'][:4])}" for one in found]


def assert_accessible(page: Page) -> None:
    """Fail with all that axe found wrong on the page as it stands."""
    found = violations(page)
    assert not found, page.url + "\n" + "\n".join(found)
