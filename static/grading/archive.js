// The window that shows a case in the archive. The archive comes once nothing leads from this window to the form: what
// stands within it could ask for its parent's opener.

window.opener = null;
const frame = document.querySelector("[data-address]");
frame.src = frame.dataset.address;
