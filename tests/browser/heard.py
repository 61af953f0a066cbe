"""What a screen reader gets of a page: Chromium's accessibility tree, and the messages that it reads out."""

from playwright.sync_api import Page

# Notes what each region that is read out says whenever it changes, as one message for all changes of one moment.
LISTEN = """() => {
  const REGIONS = "[role=status], [role=alert], output:not([aria-live=off]), [aria-live]:not([aria-live=off])";
  const regionOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(REGIONS);
  window.heard = [];
  new MutationObserver((changes) => {
    const regions = new Set(changes.map(({ target }) => regionOf(target)).filter(Boolean));
    for (const { isConnected, textContent } of regions)
      if (isConnected && textContent.trim()) window.heard.push(textContent.trim().replace(/\\s+/g, " "));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
TAKE = "() => window.heard.splice(0)"


class Listener:
    """One who does not see the page, but has the focus, the tree and the messages."""

    def __init__(self, page: Page) -> None:
        """Listen from now on to what the page, as it stands, says."""
        self._page = page
        self._devtools = page.context.new_cdp_session(page)
        page.evaluate(LISTEN)

    def heard(self) -> list[str]:
        """Return what was read out since the last time this was asked."""
        return self._page.evaluate(TAKE)

    def nodes(self) -> list["Node"]:
        """Return all that a screen reader comes by, in the order of the page."""
        found = self._devtools.send("Accessibility.getFullAXTree")["nodes"]
        by_id = {node["nodeId"]: node for node in found}
        return [Node(node, by_id) for node in found if not node["ignored"]]

    def focus(self) -> "Node":
        """Return what has the focus; the page itself if nothing has."""
        return [node for node in self.nodes() if node.state("focused")][-1]


class Node:
    """What a screen reader says of one thing: its role, name and state, and within what it lies."""

    def __init__(self, node: dict, by_id: dict[str, dict]) -> None:
        """``by_id`` has all nodes of the tree."""
        self._node, self._by_id = node, by_id
        self.role = node["role"]["value"]
        self.name = node.get("name", {}).get("value", "")

    def state(self, name: str):
        """Return a property, such as checked ("true" or "false") or focused; None where there is none."""
        values = {each["name"]: each["value"].get("value") for each in self._node.get("properties", ())}
        return values.get(name)

    def within(self, role: str) -> str | None:
        """Return the name of the nearest node around this one that has that role; None if it lies in none."""
        node = self._node
        while node := self._by_id.get(node.get("parentId")):
            if node["role"]["value"] == role:
                return node.get("name", {}).get("value", "")
        return None
