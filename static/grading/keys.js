// What a key means on the grading page. Pure, so that it can be read and tested by itself.

const MOVES = { ArrowDown: 1, Enter: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };

// {choice: "0".."3"|"na"}, {move: ±1} or null. Number pad and top row are the same; combinations are the browser's.
export function meaningOf({ key, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  if (/^[0-3]$/.test(key)) return { choice: key };
  if (key.toLowerCase() === "x") return { choice: "na" };
  return key in MOVES ? { move: MOVES[key] } : null;
}
