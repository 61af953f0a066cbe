// On a form whose scans are in an archive: tells the archive's window which case is in hand, and no more. That window asks
// the server itself, which gives it what its reader may see.

const link = () => document.querySelector("[data-archive]");
const channel = new BroadcastChannel(`thighsite-${link().target}`);
const tell = () => channel.postMessage(link()?.href ?? null);

tell();
new MutationObserver(tell).observe(document.querySelector("title"), { childList: true }); // the next case, without a new page
addEventListener("focus", tell); // of several forms, the one in hand is followed
