// The window that shows a case in the archive. The archive comes once nothing leads from this window to the form: what
// stands within it could ask for its parent's opener.

window.opener = null;
const frame = document.querySelector("[data-address]");
frame.src = frame.dataset.address;

// It follows the form that opened it, whose link has this window's name, and shows nothing of the case before where the
// next one is not in the archive.
new BroadcastChannel(`thighsite-${window.name}`).addEventListener("message", ({ data: address }) => {
  if (address === null) frame.replaceWith(frame.dataset.noScan);
  else if (address !== location.href || !frame.isConnected) location.replace(address);
});
