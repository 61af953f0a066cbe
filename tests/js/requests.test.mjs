// What every request carries, and what of a passkey goes to the server.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { csrfToken, post } from "../../static/lib/http.js";
import { askForOptions, getPasskey, inWords } from "../../static/passkeys.js";

function stub(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

const { fetch } = globalThis;

afterEach(() => {
  stub("document", undefined);
  stub("fetch", fetch);
});

const page = (cookie, user) => ({ cookie, querySelector: () => user && { dataset: { user } } });

test("the token is found under either name, among other cookies, and only there", () => {
  const found = (cookie) => {
    stub("document", page(cookie));
    return csrfToken();
  };

  assert.equal(found("csrftoken=abc"), "abc");
  assert.equal(found("theme=dark; csrftoken=abc; sessionid=x"), "abc");
  assert.equal(found("theme=dark; __Host-csrftoken=abc"), "abc");
  assert.equal(found("xcsrftoken=abc"), "");
  assert.equal(found(""), "");
});

test("a request says whose page it is from, in characters that a header takes", async () => {
  const sent = [];
  stub("document", page("csrftoken=abc", "zoë"));
  stub("fetch", async (...request) => ({ status: sent.push(request) }));

  await post("/grades/", "{}", { "Content-Type": "application/json" });
  await post("/sign-off/", new FormData());

  const [[url, { headers, method, keepalive }], [, form]] = sent;
  assert.deepEqual([url, method, keepalive], ["/grades/", "POST", true]);
  assert.deepEqual(headers, {
    Accept: "application/json",
    "X-CSRFToken": "abc",
    "X-User": "zo%C3%AB",
    "Content-Type": "application/json",
  });
  assert.ok(!("Content-Type" in form.headers)); // the browser's own, with its boundary
});

test("a refusal that brings another token is asked again with it, once, as it was", async () => {
  const tokens = [];
  stub("document", page("csrftoken=old"));
  stub("fetch", async (url, { headers }) => {
    assert.equal(headers["Content-Type"], "application/json");
    tokens.push(headers["X-CSRFToken"]);
    stub("document", page(`csrftoken=new${tokens.length}`));
    return { status: 403 };
  });

  const response = await post("/grades/", "{}", { "Content-Type": "application/json" });

  assert.deepEqual(tokens, ["old", "new1"]);
  assert.equal(response.status, 403);
});

test("a refusal for another reason is asked once", async () => {
  let asked = 0;
  stub("document", page("csrftoken=abc"));
  stub("fetch", async () => ({ status: 403, asked: (asked += 1) }));

  await post("/grades/", "{}", { "Content-Type": "application/json" });

  assert.equal(asked, 1);
});

test("bytes of a passkey go as base64url without padding, and what is not there not at all", async () => {
  const bytes = (...values) => new Uint8Array(values).buffer;
  const asked = [];
  const response = { clientDataJSON: bytes(251, 255, 190), authenticatorData: bytes(1), signature: bytes(2) };
  const credential = {
    id: "an-id",
    type: "public-key",
    rawId: bytes(3),
    response,
    getClientExtensionResults: () => ({}),
  };
  stub("navigator", { credentials: { get: async (options) => asked.push(options) && credential } });

  const publicKey = { challenge: "-_8", allowCredentials: [{ id: "AQI", type: "public-key" }], rpId: "site" };
  const found = JSON.parse(await getPasskey({ publicKey }));

  assert.deepEqual([...asked[0].publicKey.challenge], [251, 255]);
  assert.deepEqual([...asked[0].publicKey.allowCredentials[0].id], [1, 2]);
  assert.equal(asked[0].publicKey.rpId, "site");
  assert.equal(found.response.clientDataJSON, "-_--");
  assert.equal(found.response.authenticatorData, "AQ");
  assert.ok(!("userHandle" in found.response));
});

test("too many attempts are told from a site that does not answer", async () => {
  stub("fetch", async () => ({ ok: false, status: 429 }));
  await assert.rejects(askForOptions("/"), /Too many attempts/);
  stub("fetch", async () => ({ ok: false, status: 500 }));
  await assert.rejects(askForOptions("/"), /No answer from the site/);
});

test("a browser in which somebody is signed in gets no options, and a sentence", async () => {
  stub("fetch", async () => ({ ok: true, status: 200, json: async () => ({ location: "/" }) }));
  const error = await askForOptions("/").catch((rejected) => rejected);

  assert.match(inWords(error), /^Somebody is signed in already, in another window.*reload this page/);
});

test("a sign-in that waits for its second factor is no silence of the site", async () => {
  stub("fetch", async () => ({ ok: true, status: 200, redirected: true, json: async () => JSON.parse("<html>") }));

  assert.match(inWords(await askForOptions("/").catch((rejected) => rejected)), /^Signing in is not finished/);
});

test("no connection, or a page in the place of an answer, is a site that does not answer", async () => {
  const noJson = async () => JSON.parse("<html>");
  for (const answer of [
    () => Promise.reject(new TypeError("Failed to fetch")),
    async () => ({ ok: true, json: noJson }),
  ]) {
    stub("fetch", answer);
    assert.match(inWords(await askForOptions("/").catch((rejected) => rejected)), /No answer from the site/);
  }
});

test("errors of passkeys are said in words, the browser's own in those of the page", () => {
  assert.match(inWords({ name: "InvalidStateError" }), /has a passkey for this account already/);
  assert.match(inWords({ name: "NotAllowedError" }), /No passkey was used/);
  assert.match(inWords(new TypeError("Cannot destructure property 'publicKey'")), /The passkey could not be used/);
});
