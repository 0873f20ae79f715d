// The graded answer: a phrase and its key point light up together, by mouse and by focus.

const marks = [...document.querySelectorAll("mark[data-criteria]")];
const points = [...document.querySelectorAll("[data-criterion]")];

const criteriaOf = (mark) => mark.dataset.criteria.split(" ");

function light(criteria) {
  for (const mark of marks) mark.classList.toggle("on", criteriaOf(mark).some((each) => criteria.includes(each)));
  for (const point of points) point.classList.toggle("on", criteria.includes(point.dataset.criterion));
}

for (const [elements, criteria] of [[marks, criteriaOf], [points, (point) => [point.dataset.criterion]]]) {
  for (const element of elements) {
    for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, () => light(criteria(element)));
    for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, () => light([]));
    if (element.matches(":hover")) light(criteria(element)); // the pointer was there before this script
  }
}

for (const mark of marks) {
  const go = () => document.querySelector(`[data-criterion="${CSS.escape(criteriaOf(mark)[0])}"]`)?.focus();
  mark.addEventListener("click", go);
  mark.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    go();
  });
}

for (const box of document.querySelectorAll("[data-follow]")) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });
}
