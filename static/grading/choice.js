// The choice for a muscle, a score as the page has it ("0", "1" …), "na" for not assessable, or null for none yet; and
// the keys that make it.

// What is sent, and what the server stores.
export function asScore(choice) {
  const isScore = choice !== null && choice !== "na";
  return { score: isScore ? Number(choice) : null, not_assessable: choice === "na" };
}

export function choiceIn({ score, not_assessable }) {
  if (not_assessable) return "na";
  return score === null ? null : String(score);
}

export function inWords(choice) {
  if (choice === null) return "no grade";
  return choice === "na" ? "not assessable" : choice;
}

// Keys -------------------------------------------------------------------------------------------------------------

const MOVES = { ArrowDown: 1, Enter: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Backspace: -1 };
const LETTERS = {
  x: { choice: "na" },
  u: { undo: true },
  h: { help: true },
  "?": { help: true },
  ".": { rest: true },
};

// {choice}, {move: ±1}, {undo}, {rest}, {feature}, {help} or null. Top row and number pad are the same, whatever a
// number pad's point is called, unless it is Delete while Num Lock is off; combinations are the browser's.
// scores and features are the page's: "0" …, and "edema" …, whose first letters choose them.
export function meaningOf({ key, code, ctrlKey, altKey, metaKey }, { scores, features }) {
  if (ctrlKey || altKey || metaKey) return null;
  const digit = code?.match(/^Numpad(\d)$/)?.[1] ?? key; // also while Num Lock is off
  if (scores.includes(digit)) return { choice: digit };
  if (code === "NumpadDecimal" && key !== "Delete") return { rest: true };
  if (Object.hasOwn(MOVES, key)) return { move: MOVES[key] };
  const letter = key.toLowerCase();
  if (Object.hasOwn(LETTERS, letter)) return LETTERS[letter];
  const feature = features.find((name) => name[0] === letter);
  return feature ? { feature } : null;
}

// Whether a key that is held down shall do nothing, also where it was pressed on the page before: only arrows go on,
// and writing. meaning is meaningOf the event.
export function isHeldBack({ repeat, code, key, target }, meaning) {
  if (!repeat) return false;
  const writes = target.matches("textarea") || (key !== "Enter" && target.matches("[type=password], [type=text]"));
  const moves = code.startsWith("Arrow") && !target.matches("[data-description]"); // there, they choose
  const acts = key === "Enter" || key === " " || meaning !== null;
  return acts && !writes && !moves;
}
