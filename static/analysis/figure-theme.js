// Whether an element is drawn on a dark page, whatever made it so: the theme chosen, or the system's.
export function isDark(element) {
  const [red, green, blue] = getComputedStyle(element)
    .color.match(/[\d.]+/g)
    .map(Number);
  return red + green + blue > 382; // ink is light where paper is dark
}
