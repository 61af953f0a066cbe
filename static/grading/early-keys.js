// Keys that grade, pressed before the page's program is there, wait for it in their order: one that was lost would move
// all that follow it to the wrong muscles. In the head and no module, so that it stands before the sheet does.

const early = [];
const keepKey = (event) => {
  const { key, target, repeat, ctrlKey, metaKey } = event;
  if (!/^\S$/.test(key) || ctrlKey || metaKey || target.matches("textarea, [type=text], [type=password]")) return;
  event.preventDefault();
  if (!repeat) early.push(event);
};

addEventListener("keydown", keepKey);
addEventListener(
  "takes-keys",
  () => {
    removeEventListener("keydown", keepKey);
    for (const event of early) document.activeElement.dispatchEvent(new KeyboardEvent("keydown", event));
  },
  { once: true },
);
