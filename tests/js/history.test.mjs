// What was done in a case is taken back and done again, act by act, whatever it was.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CaseMemory, inMemory } from "../../static/grading/kept.js";
import { noteLost } from "../../static/grading/lost.js";
import { FullStorage } from "./browser.mjs";

const STIR = { feature: "edema", sequence: "STIR", confirm_pairing: false };
const FAT = { feature: "fat", sequence: "T1W", confirm_pairing: false };

// A case with a history: what it has, and what a reader does to it.
function aCase(storage = inMemory(), url = "/reads/1/") {
  const has = { VL: null, VM: null, pairing: STIR, comment: "" };
  const memory = new CaseMemory(url, storage);
  const valueOf = (slot) => has[slot];
  const enter = (changes) => changes && Object.assign(has, Object.fromEntries(changes));
  const act = (...changes) => {
    memory.noteAct(changes.map(([slot, to]) => ({ slot, from: has[slot], to })));
    enter(changes);
  };
  return { has, memory, act, undo: () => enter(memory.undo(valueOf)), redo: () => enter(memory.redo(valueOf)) };
}

test("acts of every kind are taken back from the last to the first, and done again from the first to the last", () => {
  const { has, act, undo, redo } = aCase();
  const states = [];
  for (const changes of [
    [["VL", "2"]],
    [["VL", "na"]],
    [["pairing", FAT]],
    [["comment", "motion"]],
    [["VL", null]],
    [
      ["VL", "0"],
      ["VM", "0"],
    ],
  ]) {
    states.push({ ...has });
    act(...changes);
  }
  const last = { ...has };

  for (const state of states.toReversed()) {
    undo();
    assert.deepEqual(has, state);
  }
  assert.equal(undo(), null);
  for (const state of [...states.slice(1), last]) {
    redo();
    assert.deepEqual(has, state);
  }
  assert.equal(redo(), null);
});

test("a new act ends what could be done again", () => {
  const { has, act, undo, redo } = aCase();
  act(["VL", "1"]);
  undo();
  assert.equal(has.VL, null);
  act(["VM", "3"]);

  assert.equal(redo(), null);
  assert.deepEqual([has.VL, has.VM], [null, "3"]);
});

test("what another window has replaced stays, and what came before it is taken back", () => {
  const { has, act, undo, redo } = aCase();
  act(["VL", "1"]);
  act(["VM", "0"], ["VL", "0"]);
  act(["VL", "2"]);
  has.VL = "3";

  undo();
  assert.deepEqual([has.VL, has.VM], ["3", null]);
  assert.equal(undo(), null);
  redo();
  assert.deepEqual([has.VL, has.VM], ["3", "0"]);
});

test("what another window has taken back in its turn is ours again", () => {
  const { has, act, undo } = aCase();
  act(["VL", "1"]);
  has.VL = "2";
  assert.equal(undo(), null);
  has.VL = "1";

  undo();
  assert.equal(has.VL, null);
});

// Entries of a case that lost to another window's.
const lost = ({ memory }, ...changes) =>
  noteLost(
    memory,
    changes.map(([slot, from, to, isUndo = false, tab = memory.tab]) => ({ was: { slot, from, to, isUndo, tab } })),
  );

test("what came to nothing was no act, also where what was taken instead says the same", () => {
  const one = aCase();
  one.act(["VL", "0"], ["VM", "0"]);
  lost(one, ["VL", null, "0"]);

  one.undo();
  assert.equal(one.undo(), null);
  assert.deepEqual([one.has.VL, one.has.VM], ["0", null]);
});

test("what was not taken back after all can be taken back later", () => {
  const one = aCase();
  one.act(["VL", "1"]);
  one.undo();
  lost(one, ["VL", "1", null, true]);
  one.has.VL = "2";
  assert.equal(one.undo(), null);
  one.has.VL = "1";

  one.undo();
  assert.equal(one.has.VL, null);
});

test("what another tab entered, or nobody by an act, changes nothing here", () => {
  const one = aCase();
  one.act(["VL", "1"]);
  lost(one, ["VL", null, "1", false, "another tab"]);
  noteLost(one.memory, [{}]);

  one.undo();
  assert.equal(one.has.VL, null);
});

// Two windows of one case, as saving.js and conflict.js lead them: each goes on from what it shows, a reload shows what is
// stored, and where that is another than was shown, either of both may be chosen. Where two windows come to one value
// unseen, nobody is asked, and it counts as an act of both: that is left out here. Draws by Park and Miller's generator.
function twoWindows(seed) {
  let state = seed;
  let stored = null;
  const windows = [aCase(), aCase()];
  const draw = (n) => (state = (state * 48271) % 2147483647) % n;
  const reload = (one) => (one.has.VL = stored);
  const enter = (one, from, isUndo) => {
    const to = one.has.VL;
    if (from !== stored) {
      lost(one, ["VL", from, to, isUndo]);
      reload(one);
      if (!draw(2)) return;
      one.act(["VL", to]);
    }
    stored = to;
  };
  const step = (one, way) => {
    const [from, before] = [one.has.VL, structuredClone(one.memory.acts)];
    if (one[way]() === null) return false;
    if (from === stored || one.has.VL !== stored) enter(one, from, way === "undo");
    else one.memory.keepActs(before);
    return true;
  };
  const grade = (one) => {
    const from = one.has.VL;
    const others = [null, "0", "1", "2"].filter((choice) => choice !== from && choice !== stored);
    one.act(["VL", others[draw(others.length)]]);
    enter(one, from, false);
  };
  const undoEverything = () => {
    for (let isAny = true; isAny;) {
      isAny = false;
      for (const one of windows) {
        reload(one);
        while (step(one, "undo")) isAny = true;
      }
    }
    return stored;
  };
  return { windows, draw, step, grade, reload, undoEverything };
}

test("undoing everything in both of two windows gives the empty case, whatever was chosen between them", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const { windows, draw, step, grade, undoEverything, reload } = twoWindows(seed);
    for (let act = 0; act < 60; act++) {
      const one = windows[draw(2)];
      [() => grade(one), () => step(one, "undo"), () => step(one, "redo"), () => reload(one)][draw(4)]();
    }
    assert.equal(undoEverything(), null, `seed ${seed}`);
  }
});

test("a reload forgets nothing of its case, and all of another", () => {
  const storage = inMemory();
  const before = aCase(storage);
  before.act(["VL", "1"]);
  before.act(["VM", "2"]);
  before.undo();

  const after = aCase(storage);
  after.has.VL = "1";
  after.redo();
  assert.equal(after.has.VM, "2");
  after.undo();
  after.undo();
  assert.equal(after.has.VL, null);

  const other = aCase(storage, "/reads/2/");
  assert.equal(other.redo(), null);
  assert.equal(storage.length, 0);
});

test("a comment is taken back after a reload, though what is stored of it has nothing blank at its ends", () => {
  const storage = inMemory();
  aCase(storage).act(["comment", "motion\n "]);

  const after = aCase(storage);
  after.has.comment = "motion";
  after.undo();

  assert.equal(after.has.comment, "");
});

test("a full storage is no fault", () => {
  const { has, act, undo } = aCase(new FullStorage());
  act(["VL", "1"]);
  undo();
  assert.equal(has.VL, null);
});

test("the server's answers are remembered of one case", () => {
  const storage = inMemory();
  const memory = new CaseMemory("/reads/1/", storage);
  assert.deepEqual(memory.answers, {});
  memory.noteAnswer("VL", { version: 1 });
  memory.noteAnswer("VM", { version: 2 });
  memory.noteAnswer("VL", { version: 3 });

  assert.deepEqual(new CaseMemory("/reads/1/", storage).answers, { VL: { version: 3 }, VM: { version: 2 } });
  assert.deepEqual(new CaseMemory("/reads/2/", storage).answers, {});
  assert.equal(storage.length, 0);
});
