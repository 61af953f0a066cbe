// What was entered and not yet acknowledged, kept in the browser: an item of localStorage per entry, so that two tabs
// never overwrite each other's. Without localStorage it is kept for as long as the page lives.

const memory = new Map();
const storage = (() => {
  try {
    localStorage.setItem("thighsite.probe", "1");
    localStorage.removeItem("thighsite.probe");
    return localStorage;
  } catch {
    return { get length() { return memory.size; }, key: (i) => [...memory.keys()][i], getItem: (k) => memory.get(k), setItem: (k, v) => memory.set(k, v), removeItem: (k) => memory.delete(k) };
  }
})();

let sequence = 0;

// crypto.randomUUID is not there on a hospital's plain-HTTP intranet; this is.
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, i) => ([4, 6, 8, 10].includes(i) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}

export class Store {
  constructor(user) {
    this.prefix = `thighsite.outbox.${user}.`;
  }

  add(entry) {
    const order = `${String(Date.now()).padStart(15, "0")}.${String(sequence++).padStart(6, "0")}`;
    const name = `${this.prefix}${order}.${entry.key}`;
    storage.setItem(name, JSON.stringify({ ...entry, name, at: Date.now() }));
  }

  // Oldest first.
  entries() {
    const names = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((name) => name?.startsWith(this.prefix));
    return names.sort().map((name) => storage.getItem(name)).filter(Boolean).map((text) => JSON.parse(text));
  }

  remove(entry) {
    storage.removeItem(entry.name);
  }
}
