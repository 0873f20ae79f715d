// Search as you type: the page's own results are fetched again and put in place, so there is one way to draw them.

const form = document.getElementById("search");
let waiting;
let asked = 0;

async function search() {
  const wanted = ++asked;
  const url = new URL(form.action);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.set(name, value);
  const answer = await fetch(url);
  if (!answer.ok || wanted !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("results").replaceWith(page.getElementById("results"));
  history.replaceState(null, "", url);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 80);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  delete form.dataset.sent;
  const first = document.querySelector("#results a.item");
  if (first) first.focus(); else search();
});
