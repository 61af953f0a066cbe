// What a key means on the grading page. Pure, so that it can be read and tested by itself.

const MOVES = { ArrowDown: 1, Enter: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };
const WORDS = { x: { choice: "na" }, u: { undo: true }, e: { feature: "edema" }, f: { feature: "fat" }, h: { help: true }, "?": { help: true }, ".": { rest: true } };

// {choice}, {move: ±1}, {undo}, {rest}, {feature}, {help} or null. Top row and number pad are the same, whatever a
// number pad's point is called; combinations are the browser's.
export function meaningOf({ key, code, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return null;
  const digit = key.match(/^[0-3]$/)?.[0] ?? code?.match(/^Numpad([0-3])$/)?.[1]; // also while Num Lock is off
  if (digit) return { choice: digit };
  if (code === "NumpadDecimal") return { rest: true };
  return WORDS[key.toLowerCase()] ?? (key in MOVES ? { move: MOVES[key] } : null);
}
