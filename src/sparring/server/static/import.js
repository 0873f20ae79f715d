// Drop a file anywhere on the box; reading starts at once and says so.

const form = document.getElementById("import");
const input = form.elements.file;
const status = form.querySelector(".status");

for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => { event.preventDefault(); form.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("over"));

form.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length !== 1) {
    status.textContent = "Drop one file at a time.";
    return;
  }
  input.files = event.dataTransfer.files;
  form.requestSubmit();
});
input.addEventListener("change", () => {
  status.textContent = input.files[0] ? `Chosen: ${input.files[0].name}` : "";
  form.querySelector("button").focus(); // the next Enter reads the file, where it would have asked for one again
});
form.addEventListener("submit", () => { status.textContent = `Reading ${input.files[0]?.name ?? "the file"}…`; });
