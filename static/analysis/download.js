// PNG of a figure at print resolution, made in the browser from the SVG that the server draws for print.
// <a data-download="png" href="….svg?download" hidden>, or a button in the form that asks for it: without this script only
// SVG and PDF are offered.

const MILLIMETRES = 183; // two columns of a journal, where a drawing does not say its width
const DPI = 300;
const INCH = 25.4; // millimetres
const [SOONEST, LATEST] = [1000, 10_000]; // milliseconds between two questions whether a figure is computed
const LONGEST = 300_000; // milliseconds: what takes longer waits on a page

// Pixels of a drawing at print size.
export function printSize({ width, height }, { millimetres = MILLIMETRES, dpi = DPI } = {}) {
  const across = Math.round((millimetres / INCH) * dpi);
  return { width: across, height: Math.round((across * height) / width) };
}

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

// A PNG that says its resolution (chunk pHYs, after the header): journals ask for it, and canvas leaves it out.
export function withResolution(png, dpi = DPI) {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const perMetre = Math.round((dpi / INCH) * 1000);
  view.setUint32(0, 9); // bytes of content
  chunk.set([0x70, 0x48, 0x59, 0x73], 4); // "pHYs"
  view.setUint32(8, perMetre);
  view.setUint32(12, perMetre);
  chunk[16] = 1; // the unit is the metre
  view.setUint32(17, crc32(chunk.subarray(4, 17)));
  const header = 33; // signature and IHDR
  const whole = new Uint8Array(png.length + chunk.length);
  whole.set(png.subarray(0, header));
  whole.set(chunk, header);
  whole.set(png.subarray(header), header + chunk.length);
  return whole;
}

async function picture(svg) {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const millimetres = Number(/ width="([\d.]+)mm"/.exec(svg)?.[1] ?? MILLIMETRES);
    const [, width, height] = / viewBox="0 0 (\S+) (\S+)"/.exec(svg); // a picture's own size is rounded to pixels
    const size = printSize({ width: Number(width), height: Number(height) }, { millimetres });
    const canvas = Object.assign(document.createElement("canvas"), size);
    canvas.getContext("2d").drawImage(image, 0, 0, size.width, size.height);
    const blob = await new Promise((made) => canvas.toBlob(made, "image/png"));
    return withResolution(new Uint8Array(await blob.arrayBuffer()));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(bytes, name) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser has read it long before
}

const nameOf = (response, fallback) =>
  /filename="([^"]+)\.svg"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? fallback;

// Where the drawing is: a link's address, or that of what a form's choices ask for.
function addressOf(link) {
  if (!link.form) return link.href;
  const address = new URL(link.form.action);
  address.search = new URLSearchParams(new FormData(link.form));
  return address.href;
}

// How long to wait before the next question: as the server says, within bounds.
function pause(response) {
  const seconds = Number(response.headers.get("Retry-After") ?? 0);
  return Math.min(Math.max(seconds * 1000 || 0, SOONEST), LATEST);
}

// The drawing as the server answers it, once it no longer says that workers are at it, or has for too long.
export async function fetched(address, given) {
  const end = given.now() + LONGEST;
  for (;;) {
    const response = await given.ask(address);
    const wait = pause(response);
    if (response.status !== 202 || given.now() + wait > end) return response;
    await given.sleep(wait);
  }
}

async function keep(response) {
  save(await picture(await response.text()), `${nameOf(response, "figure")}.png`);
}

const browser = {
  ask: (address) => fetch(address),
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((wake) => setTimeout(wake, milliseconds)),
  keep,
  open: (address) => window.location.assign(address),
};

// Answers a link, once at a time. Resolves when the picture is kept, or where it stood is opened instead.
export async function download(link, given = browser) {
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  const address = addressOf(link);
  try {
    const response = await fetched(address, given);
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    await given.keep(response);
  } catch {
    given.open(address); // the SVG itself, or the page that waits for it or says why not
  } finally {
    link.removeAttribute("aria-busy");
  }
}

// Shows the links to PNG, also those that come into the page later, and answers them.
export function offerDownloads(root) {
  for (const link of root.querySelectorAll('[data-download="png"]')) link.hidden = false;
}

if (typeof document !== "undefined") {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('[data-download="png"]');
    if (!link) return;
    event.preventDefault();
    download(link);
  });
  offerDownloads(document);
}
