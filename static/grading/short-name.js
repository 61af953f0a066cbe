// Proposes a short name while the study's name is typed, until somebody types one.

const name = document.getElementById("id_title");
const short = document.getElementById("id_slug");

/** Small letters, digits and hyphens, as the server makes them of a name. */
function shortName(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
  const words = plain.toLowerCase().match(/[a-z0-9_]+/g) ?? [];
  return words.join("-").slice(0, 46).replace(/-+$/, "");
}

let proposed = short.value === "";
short.addEventListener("input", () => {
  proposed = short.value === "";
});
function propose() {
  if (proposed) short.value = shortName(name.value);
}

name.addEventListener("input", propose);
propose(); // for what was typed before this script was there
