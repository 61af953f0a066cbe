// Figures come in the colours of print; layout.meta.dark says what each becomes on a dark screen.

// A copy of a figure with every colour replaced that the map knows.
export function inDark(figure, dark = figure.layout.meta.dark) {
  if (Array.isArray(figure)) return figure.map((part) => inDark(part, dark));
  if (figure && typeof figure === "object") {
    return Object.fromEntries(Object.entries(figure).map(([key, part]) => [key, inDark(part, dark)]));
  }
  return typeof figure === "string" ? (dark[figure.toLowerCase()] ?? figure) : figure;
}

// Whether an element is drawn on a dark page, whatever made it so: the theme chosen, or the system's.
export function isDark(element) {
  const [red, green, blue] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
  return red + green + blue > 382; // ink is light where paper is dark
}
