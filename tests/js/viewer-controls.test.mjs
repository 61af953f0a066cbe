// What keys, wheels and pointers mean to a stack; and that none of its keys grades.

import assert from "node:assert/strict";
import { test } from "node:test";

import { meaningOf } from "../../static/grading/sheet.js";
import { actOf, scrollOf, toolOf, usePointers, Wheel, wheelZoom } from "../../static/viewer/controls.js";

const FORM = { scores: ["0", "1", "2", "3"], features: ["edema", "fat"] };
const ARROWS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"];
const NAMED = [...ARROWS, "PageUp", "PageDown", "Home", "End", "Enter", "Backspace", "Delete", "Tab", "Escape", " "];
const TYPED = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i));

const codeOf = (key) => {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  return /^\d$/.test(key) ? `Digit${key}` : key;
};
const press = (key, held = {}) => ({ key, code: codeOf(key), altKey: false, ...held });

test("no key of a stack is one that grades, but for the arrows", () => {
  assert.equal(TYPED.filter((key) => actOf(press(key))).length, 21);
  const both = [...NAMED, ...TYPED].filter((key) => actOf(press(key)) && meaningOf(press(key), FORM));
  assert.deepEqual(both, ["ArrowUp", "ArrowDown"]);
  const dictating = { lettersNeedAlt: true };
  const withAlt = TYPED.map((key) => press(key, { altKey: true }));
  assert.deepEqual(
    withAlt.filter((each) => actOf(each, dictating) && meaningOf(each, { ...FORM, ...dictating })),
    [],
  );
  assert.deepEqual(
    TYPED.filter((key) => /\d/.test(key) && actOf(press(key))),
    [],
  );
});

test("a key held down moves on, and turns nothing to and fro", () => {
  const held = { repeat: true };
  assert.deepEqual(
    [..."piomq"].map((key) => actOf(press(key, held))),
    [{}, {}, {}, {}, {}],
  );
  assert.deepEqual([actOf(press("b", held)), actOf(press("ArrowDown", held))], [{ brighter: 1 }, { slices: 1 }]);
});

test("no combination of keys that is the browser's is taken", () => {
  for (const held of [{ ctrlKey: true }, { metaKey: true }]) {
    assert.deepEqual(
      [...NAMED, ...TYPED].filter((key) => actOf(press(key, held))),
      [],
    );
  }
});

test("who dictates presses letters with Alt, and nobody else", () => {
  assert.deepEqual(actOf(press("i")), { invert: true });
  assert.equal(actOf(press("i"), { lettersNeedAlt: true }), null);
  assert.deepEqual(actOf({ key: "ı", code: "KeyI", altKey: true }, { lettersNeedAlt: true }), { invert: true });
  assert.equal(actOf(press("i", { altKey: true })), null);
  assert.deepEqual(actOf(press("ш", { code: "KeyI" })), { invert: true });
});

test("Page keys scroll from anywhere, with Shift by five", () => {
  assert.deepEqual(scrollOf(press("PageDown")), { slices: 1 });
  assert.deepEqual(scrollOf(press("PageUp", { shiftKey: true })), { slices: -5 });
  assert.equal(scrollOf(press("PageUp", { ctrlKey: true })), null);
  assert.equal(scrollOf(press("ArrowDown")), null);
  assert.deepEqual(actOf(press("End")), { slices: Infinity });
  assert.deepEqual(actOf(press("ArrowLeft", { shiftKey: true })), { move: [40, 0] });
});

const turned = (wheel, deltas, { every = 16, deltaMode = 0 } = {}) =>
  deltas.map((deltaY, i) => wheel.slices({ deltaY, deltaMode, timeStamp: 1000 + i * every }));

test("a notch of a mouse's wheel is one slice, in pixels or in lines", () => {
  assert.deepEqual(turned(new Wheel(), [120, 120, -120, 100]), [1, 1, -1, 1]);
  assert.deepEqual(turned(new Wheel(), [3, 3, -3], { deltaMode: 1 }), [1, 1, -1]);
});

// A page that looks at deltaY first is given pixels: https://bugzilla.mozilla.org/show_bug.cgi?id=1392460
class TurnInFirefox extends Event {
  #mode = null;

  get deltaMode() {
    this.#mode ??= 1;
    return this.#mode;
  }

  get deltaY() {
    this.#mode ??= 0;
    return this.#mode ? 3 : 48;
  }
}

test("a notch of a mouse's wheel is one slice in Firefox, too, however fast it is turned", () => {
  const [root, wanted] = [new EventTarget(), []];
  usePointers(root, (act) => wanted.push(act));

  for (let turn = 0; turn < 3; turn++) root.dispatchEvent(new TurnInFirefox("wheel"));

  assert.deepEqual(wanted, [{ slices: 1 }, { slices: 1 }, { slices: 1 }]);
});

test("a trackpad's first movement counts at once, and then every 24 pixels", () => {
  assert.deepEqual(turned(new Wheel(), [4, 8, 8, 8, 8, 8, 8]), [1, 0, 0, 1, 0, 0, 1]);
  assert.deepEqual(turned(new Wheel(), [4, -4]), [1, -1]);
  assert.deepEqual(turned(new Wheel(), [4, 4], { every: 500 }), [1, 1]);
});

test("Ctrl and wheel enlarge up, and a coarse wheel by no more than a key", () => {
  assert.ok(wheelZoom({ deltaY: -10, deltaMode: 0 }) > 1);
  assert.equal(wheelZoom({ deltaY: -120, deltaMode: 0 }), 1.2);
  assert.equal(wheelZoom({ deltaY: 3, deltaMode: 1 }), 1 / 1.2);
});

test("left moves, right changes the window, and a finger scrolls", () => {
  assert.equal(toolOf({ pointerType: "mouse", button: 0 }, false), "move");
  assert.equal(toolOf({ pointerType: "mouse", button: 2 }, false), "window");
  assert.equal(toolOf({ pointerType: "mouse", button: 0, shiftKey: true }, false), "window");
  assert.equal(toolOf({ pointerType: "touch", button: 0 }, false), "scroll");
  assert.equal(toolOf({ pointerType: "touch", button: 0 }, true), "window");
});

test("a pointer that was let go without a word moves nothing any more, and is no second finger", () => {
  const wanted = [];
  const root = Object.assign(new EventTarget(), {
    setPointerCapture: () => {},
    getBoundingClientRect: () => ({ left: 0, top: 0 }),
  });
  usePointers(
    root,
    (act) => wanted.push(act),
    () => false,
  );
  const point = (type, clientX, how) => {
    const usual = { pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, buttons: 1, clientX, clientY: 0 };
    root.dispatchEvent(Object.assign(new Event(type), usual, how));
  };

  point("pointerdown", 0);
  point("pointermove", 5);
  point("pointermove", 50, { buttons: 0 }); // it was let go elsewhere
  point("pointerdown", 50);
  point("pointerdown", 90, { pointerId: 2, pointerType: "touch" });
  point("pointermove", 97, { pointerId: 2, pointerType: "touch" });
  assert.deepEqual(wanted, [{ move: [5, 0] }]); // 7 pixels of a finger are no slice

  point("pointerdown", 200, { pointerId: 3, pointerType: "touch", isPrimary: false });
  point("pointermove", 303, { pointerId: 3, pointerType: "touch", isPrimary: false });
  assert.deepEqual(
    wanted.slice(1).map((act) => Object.keys(act)[0]),
    ["zoom", "move"],
  );
});
