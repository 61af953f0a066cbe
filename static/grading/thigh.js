// The cross-section beside the sheet: which muscle is in hand, and the grades so far.

const figures = [...document.querySelectorAll("[data-thighs] [data-side]")].filter((figure) => figure.matches("figure"));

const pathsOf = (muscle, side) =>
  figures.filter((figure) => !side || figure.dataset.side === side).flatMap((figure) => [...figure.querySelectorAll(`[data-muscle="${muscle}"]`)]);

export function showFeature(feature) {
  document.querySelector(".scan").dataset.feature = feature;
  for (const figure of figures) figure.querySelector("svg").dataset.feature = feature;
}

// choice: "0".."3", "na" or null for not graded yet.
export function showGrade(muscle, side, choice) {
  for (const path of pathsOf(muscle, side)) {
    if (choice === null) delete path.dataset.grade;
    else path.dataset.grade = choice;
    path.nextElementSibling.querySelector(".muscle-grade")?.replaceChildren(choice === "na" ? "×" : (choice ?? ""));
  }
}

export function showFocus(muscle, side) {
  for (const path of document.querySelectorAll(".thigh .is-focused")) path.classList.remove("is-focused");
  for (const path of muscle ? pathsOf(muscle, side) : []) path.classList.add("is-focused");
}
