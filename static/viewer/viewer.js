// The viewer: one or two stacks, scrolled in step by their positions in mm, and the buttons above them.

import { askBytes, askJson, clock } from "./asking.js";
import { BUTTONS, buttonOf } from "./buttons.js";
import { Cases } from "./cases.js";
import { actOf, usePointers } from "./controls.js";
import { element } from "./element.js";
import { arrangementOf, runAlike } from "./geometry.js";
import { Fetching } from "./slices.js";
import { StackView } from "./stack-view.js";
import { brighter, dragged, wider } from "./window.js";

const FOR_TWO_PX = 480; // on a phone one stack is shown first
const WARNING = "Not for diagnosis";
const CHANGED = "The scan was changed while it was shown";

export class Viewer {
  #views = [new StackView(), new StackView()];
  #scan = null;
  #inHand = this.#views[0];
  #isOne = null; // until it is known how much room there is
  #isWindowing = false;
  #fetching = new Fetching({ ask: askBytes, clock });
  #cases = new Cases(this.#fetching, askJson, (words) => this.#wait(words), clock);
  #stacks = element("div", { className: "viewer-stacks" });
  #said = element("p", { className: "visually-hidden", role: "status" });
  #note = element("p", { className: "viewer-wait", hidden: true });
  #buttons = BUTTONS.map((each) => buttonOf(each, (wanted) => this.act(wanted)));
  #windowing = this.#toggle();
  #warning = element("p", { className: "viewer-warning", textContent: WARNING });

  // lettersNeedAlt() tells whether who reads dictates.
  constructor({ lettersNeedAlt = () => false, buttons = [] } = {}) {
    this.lettersNeedAlt = lettersNeedAlt;
    const parts = [...this.#buttons, this.#windowing, ...buttons, this.#warning];
    const bar = element("div", { className: "viewer-bar" }, parts);
    this.#stacks.append(...this.#views.map(({ root }) => root), this.#note);
    this.root = element("section", { className: "viewer", ariaLabel: "Scan" }, [bar, this.#stacks, this.#said]);
    this.root.dataset.viewer = "";
    for (const view of this.#views) this.#listen(view);
    new ResizeObserver(() => this.#arrange()).observe(this.#stacks);
    for (const type of ["online", "focus"]) addEventListener(type, () => this.#retry());
    document.addEventListener("session-renewed", () => this.#retry());
    this.#cases.addEventListener("changed", ({ url }) => this.#showAnew(url));
  }

  // Cases ------------------------------------------------------------------------------------------------------------

  // The stacks at an address, or none for null. What was shown goes at once: it is of another case.
  async show(url) {
    this.#scan = null;
    this.#warning.textContent = WARNING;
    for (const view of this.#views) view.clear();
    this.#wait(url ? "Loading the scan…" : "No scan.");
    const scan = await this.#cases.open(url);
    if (!scan) return;
    this.#scan = scan;
    this.#wait(scan.names.length ? "" : "No scan.");
    this.#place();
  }

  // Another scan has taken the place of the one that was shown, or none.
  #showAnew(url) {
    this.show(url);
    this.#warning.textContent = `${CHANGED}. ${WARNING}`;
    this.#say(CHANGED);
  }

  #retry() {
    this.#fetching.retry();
    this.#cases.retry();
  }

  // Places -----------------------------------------------------------------------------------------------------------

  get #shown() {
    return this.#views.filter(({ slices }) => slices);
  }

  #place() {
    const { shown, slices, names } = this.#scan;
    if (!shown[this.#views.indexOf(this.#inHand)]) this.#inHand = this.#views[0];
    for (const [i, view] of this.#views.entries()) {
      if (i >= shown.length) view.clear();
      else if (view.slices !== slices[i]) view.show(shown[i], slices[i]);
    }
    this.#isOne ??= Math.max(this.#stacks.clientWidth, this.#stacks.clientHeight) < FOR_TWO_PX;
    this.#buttonOf("most").hidden = shown.length < 2;
    this.#buttonOf("sequence").hidden = names.length <= shown.length;
    this.#follow(this.#inHand);
    this.#arrange();
  }

  #buttonOf(name) {
    return this.#buttons[BUTTONS.findIndex(([, , , act]) => name in act)];
  }

  #arrange() {
    if (!this.#scan) return;
    const isOne = this.#isOne && this.#shown.length > 1;
    for (const view of this.#shown) view.root.hidden = isOne && view !== this.#inHand;
    this.#buttonOf("most").firstChild.data = isOne ? "Two" : "One";
    const { clientWidth: width, clientHeight: height } = this.#stacks;
    const manifests = this.#shown.map(({ manifest }) => manifest);
    this.#stacks.dataset.arranged = isOne ? "row" : arrangementOf({ width, height }, manifests);
    for (const view of this.#shown) view.draw();
  }

  #wait(words) {
    this.#note.textContent = words;
    this.#note.hidden = !words;
  }

  #say(words) {
    this.#said.textContent = words;
  }

  // What is done -----------------------------------------------------------------------------------------------------

  #listen(view) {
    const take = () => {
      this.#inHand = view;
    };
    const act = (wanted) => {
      take();
      this.act(wanted);
    };
    view.root.addEventListener("focus", take);
    view.root.addEventListener("painted", () => this.#sayFailure(view));
    usePointers(view.root, act, () => this.#isWindowing);
    view.root.addEventListener("keydown", (event) => {
      const wanted = actOf(event, { lettersNeedAlt: this.lettersNeedAlt() });
      if (!wanted) return; // the form's, or nobody's
      event.preventDefault();
      event.stopPropagation();
      this.act(wanted);
    });
  }

  #sayFailure(view) {
    if (view.failure && this.#said.textContent !== view.failure) this.#say(view.failure);
  }

  // To the stack in hand; place and size to both.
  act({ slices, zoom, point, move, drag, ...wanted }) {
    if (!this.#shown.length) return;
    this.#cases.keepUp();
    const view = this.#inHand;
    if (slices) this.#go(view, view.slices.at + slices);
    else if (zoom) this.#look(view.zoomed(zoom, point));
    else if (move) this.#look(view.moved(...move));
    else if (drag) view.setWindow(dragged(view.window, ...drag, view.manifest.window));
    else this.#change(view, wanted);
  }

  #change(view, wanted) {
    if (wanted.brighter) view.setWindow(brighter(view.window, wanted.brighter));
    else if (wanted.wider) view.setWindow(wider(view.window, wanted.wider));
    else if (wanted.preset) view.nextPreset();
    else if (wanted.invert) view.invert();
    else if (wanted.reset) this.#reset();
    else if (wanted.most) this.#toggleOne();
    else if (wanted.sequence) this.#turn(view);
    else return;
    if (!wanted.most && !wanted.sequence) this.#say(view.windowInWords);
  }

  #go(view, number) {
    view.go(number);
    this.#follow(view);
  }

  #follow(view) {
    const others = this.#shown.filter((other) => other !== view && runAlike(other.manifest, view.manifest));
    for (const other of others) other.follow(view.mm);
    this.#fetching.go();
  }

  #look(sight) {
    for (const view of this.#shown) view.setView(sight);
  }

  #reset() {
    for (const view of this.#shown) view.reset();
  }

  #toggleOne() {
    if (this.#shown.length < 2) return;
    this.#isOne = !this.#isOne;
    this.#arrange();
    this.#say(this.#isOne ? this.#inHand.name : "Both stacks");
  }

  #turn(view) {
    if (this.#scan.names.length <= this.#shown.length) return;
    const { mm, manifest, view: sight } = view;
    this.#scan.turn(this.#views.indexOf(view));
    this.#place();
    view.setView(sight); // place and size are those of both
    if (runAlike(manifest, view.manifest)) view.follow(mm);
    this.#fetching.take(this.#scan.slices);
    this.#say(view.name);
  }

  // For who has no right button.
  #toggle() {
    const title =
      "Dragging changes width and level of the window: to the right wider, down darker. With a mouse, the right button does so.";
    const button = element("button", { type: "button", textContent: "W/L", title, ariaPressed: "false" });
    button.addEventListener("click", () => {
      this.#isWindowing = !this.#isWindowing;
      button.ariaPressed = String(this.#isWindowing);
    });
    return button;
  }
}
