// What a key means, when a held key acts, and what a choice is on its way to the server and back.

import assert from "node:assert/strict";
import { test } from "node:test";

import { asScore, choiceIn, inWords, isHeldBack, meaningOf } from "../../static/grading/sheet.js";

const PAGE = { scores: ["0", "1", "2", "3"], features: ["edema", "fat"] };
const meaning = (event, more = {}) => meaningOf(event, { ...PAGE, ...more });

const MEANINGS = [
  ["0", { choice: "0" }],
  ["3", { choice: "3" }],
  ["4", null],
  ["x", { choice: "na" }],
  ["X", { choice: "na" }],
  ["u", { undo: true }],
  ["R", { redo: true }],
  ["s", { sequence: true }],
  [".", { rest: true }],
  ["e", { feature: "edema" }],
  ["F", { feature: "fat" }],
  ["h", { help: true }],
  ["g", { scale: true }],
  ["a", { archive: true }],
  ["?", { help: true }],
  ["Enter", { move: 1 }],
  ["ArrowDown", { move: 1 }],
  ["ArrowRight", { move: 1 }],
  ["ArrowUp", { move: -1 }],
  ["ArrowLeft", { move: -1 }],
  ["Backspace", { move: -1 }],
  [" ", null],
  ["Tab", null],
  ["Delete", null],
  ["Escape", null],
  ["z", null],
  ["constructor", null],
];

for (const [key, expected] of MEANINGS) {
  test(`${JSON.stringify(key)} means ${JSON.stringify(expected)}`, () => assert.deepEqual(meaning({ key }), expected));
}

test("combinations are the browser's", () => {
  for (const modifier of ["ctrlKey", "altKey", "metaKey"]) {
    for (const key of ["0", "u", "f", "x", "ArrowLeft"]) assert.equal(meaning({ key, [modifier]: true }), null);
  }
  assert.deepEqual(meaning({ key: "?", shiftKey: true }), { help: true });
});

test("Ctrl or ⌘ with Z takes back, with Shift or with Y does again, and AltGr writes", () => {
  for (const modifier of ["ctrlKey", "metaKey"]) {
    assert.deepEqual(meaning({ key: "z", code: "KeyZ", [modifier]: true }), { undo: true });
    assert.deepEqual(meaning({ key: "Z", code: "KeyZ", [modifier]: true, shiftKey: true }), { redo: true });
    assert.deepEqual(meaning({ key: "y", code: "KeyZ", [modifier]: true }), { redo: true }); // in Germany
    assert.deepEqual(meaning({ key: "я", code: "KeyZ", [modifier]: true }), { undo: true });
    assert.equal(meaning({ key: "z", code: "KeyZ", [modifier]: true, altKey: true }), null);
  }
});

test("the number pad grades with Num Lock on and off", () => {
  assert.deepEqual(meaning({ key: "1", code: "Numpad1" }), { choice: "1" });
  assert.deepEqual(meaning({ key: "End", code: "Numpad1" }), { choice: "1" });
  assert.deepEqual(meaning({ key: "ArrowDown", code: "Numpad2" }), { choice: "2" });
  assert.deepEqual(meaning({ key: "Insert", code: "Numpad0" }), { choice: "0" });
});

test("a key of the number pad that is no score keeps what it is called", () => {
  assert.equal(meaning({ key: "4", code: "Numpad4" }), null);
  assert.deepEqual(meaning({ key: "ArrowUp", code: "Numpad8" }), { move: -1 });
});

test("a number pad's point grades the rest whatever it is called, and Delete never does", () => {
  for (const key of [".", ",", "Decimal"]) assert.deepEqual(meaning({ key, code: "NumpadDecimal" }), { rest: true });
  assert.equal(meaning({ key: "Delete", code: "NumpadDecimal" }), null);
});

const ROWS_OF_DIGITS = {
  French: ["à", "&", "é", '"'],
  Belgian: ["à", "&", "é", '"'],
  Czech: ["é", "+", "ě", "š"],
  Slovak: ["é", "+", "ľ", "š"],
  Lithuanian: ["ū", "ą", "č", "ę"],
  Arabic: ["٠", "١", "٢", "٣"],
  "dead keys": ["Dead", "Dead", "Dead", "Dead"],
  "an input method": ["Process", "Process", "Process", "Process"],
};

for (const [country, row] of Object.entries(ROWS_OF_DIGITS)) {
  test(`a digit is its key, with Shift and without: ${country}`, () => {
    for (const [digit, key] of row.entries()) {
      assert.deepEqual(meaning({ key, code: `Digit${digit}` }), { choice: String(digit) });
      const shifted = { key: String(digit), code: `Digit${digit}`, shiftKey: true };
      assert.deepEqual(meaning(shifted), { choice: String(digit) });
    }
  });
}

test("a sign above a digit is no digit, nor is what a keyboard has in the place of its 0", () => {
  for (const [key, code] of [")", "!", "@", "#"].map((sign, digit) => [sign, `Digit${digit}`]))
    assert.equal(meaning({ key, code, shiftKey: true }), null);
  assert.equal(meaning({ key: "ö", code: "Digit0" }), null); // in Hungary
  assert.deepEqual(meaning({ key: "0", code: "Backquote" }), { choice: "0" });
});

test("letters are where they lie on a keyboard that writes others", () => {
  for (const [key, code, expected] of [
    ["г", "KeyU", { undo: true }],
    ["ч", "KeyX", { choice: "na" }],
    ["φ", "KeyF", { feature: "fat" }],
    ["ק", "KeyE", { feature: "edema" }],
  ])
    assert.deepEqual(meaning({ key, code }), expected);
  assert.deepEqual(meaning({ key: ".", code: "KeyE" }), { rest: true }); // Dvorak
  assert.equal(meaning({ key: ",", code: "KeyM" }), null);
  assert.equal(meaning({ key: "q", code: "KeyX" }), null);
});

test("where letters need Alt, nothing that is dictated does anything, and digits and moves stay", () => {
  const switched = { lettersNeedAlt: true };
  for (const key of "Fluidnthefascia,mm.Unchangedxr?".split("")) assert.equal(meaning({ key }, switched), null, key);
  assert.deepEqual(meaning({ key: "2" }, switched), { choice: "2" });
  assert.deepEqual(meaning({ key: "Enter" }, switched), { move: 1 });
  assert.deepEqual(meaning({ key: ",", code: "NumpadDecimal" }, switched), { rest: true });
  assert.deepEqual(meaning({ key: "z", ctrlKey: true }, switched), { undo: true });
  assert.deepEqual(meaning({ key: "≈", code: "KeyX", altKey: true }, switched), { choice: "na" });
  assert.deepEqual(meaning({ key: "f", code: "KeyF", altKey: true }, switched), { feature: "fat" });
  assert.equal(meaning({ key: "2", code: "Digit2", altKey: true }, switched), null);
});

test("scores and features are the page's", () => {
  const page = { scores: ["0", "1", "2", "3", "4"], features: ["perfusion"] };

  assert.deepEqual(meaningOf({ key: "4" }, page), { choice: "4" });
  assert.deepEqual(meaningOf({ key: "p" }, page), { feature: "perfusion" });
  assert.equal(meaningOf({ key: "e" }, page), null);
});

// What a field says of itself: the selectors that it matches.
const on = (...selectors) => ({ matches: (list) => list.split(", ").some((one) => selectors.includes(one)) });
const ROW = on("[data-cell] input");
const isHeld = (key, target = ROW, repeat = true, code = `Key${key}`) => {
  const event = { key, code, target, repeat };
  return isHeldBack(event, meaning(event));
};

test("the first press of a key is never held back", () => {
  for (const key of ["0", "u", "Enter", " ", "."]) assert.equal(isHeld(key, ROW, false), false);
});

test("a held key that does something does it once", () => {
  for (const key of ["0", "x", "u", "r", "s", ".", "e", "h", "Enter", " ", "Backspace"])
    assert.equal(isHeld(key), true, key);
});

test("a held key that does nothing here is the browser's", () => {
  for (const key of ["z", "Tab", "PageDown"]) assert.equal(isHeld(key), false, key);
});

test("held arrows go on, but choose nothing in the description", () => {
  assert.equal(isHeld("ArrowDown", ROW, true, "ArrowDown"), false);
  assert.equal(isHeld("ArrowDown", on("[data-description]"), true, "ArrowDown"), true);
});

test("an arrow of the number pad, which grades, is held back", () => {
  assert.equal(isHeld("ArrowDown", ROW, true, "Numpad2"), true);
});

test("held keys write where one writes, and Enter sends no password twice", () => {
  assert.equal(isHeld("0", on("textarea")), false);
  assert.equal(isHeld("Enter", on("textarea")), false);
  assert.equal(isHeld("0", on("[type=password]")), false);
  assert.equal(isHeld("Backspace", on("[type=text]")), false);
  assert.equal(isHeld("Enter", on("[type=password]")), true);
});

const CHOICES = [
  [null, { score: null, not_assessable: false }, "no grade"],
  ["na", { score: null, not_assessable: true }, "not assessable"],
  ["0", { score: 0, not_assessable: false }, "0"],
  ["3", { score: 3, not_assessable: false }, "3"],
];

for (const [choice, score, words] of CHOICES) {
  test(`the choice ${choice} goes to the server and comes back as itself`, () => {
    assert.deepEqual(asScore(choice), score);
    assert.equal(choiceIn(score), choice);
    assert.equal(inWords(choice), words);
  });
}
