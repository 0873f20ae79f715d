// The answer box: the timer, the draft that saves as you type, and dictation where the browser offers it.

const form = document.getElementById("answer");
const box = form.elements.text;
const status = form.querySelector(".status");
const timer = form.querySelector(".timer");
const draftUrl = `/api/v1/questions/${form.dataset.question}/draft`;

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

const started = performance.now();
const planned = Number(form.dataset.seconds);
const used = () => (performance.now() - started) / 1000;

function tick() {
  timer.textContent = `${clock(used())} of ${clock(planned)}`;
  timer.classList.toggle("over", used() > planned);
}
setInterval(tick, 1000);

let saved = box.value;
let waiting;
let leaving = false;
let queue = Promise.resolve();

// One after the other, so that an older text never overtakes a newer one.
const saveDraft = () => (queue = queue.then(putDraft));

async function putDraft() {
  const text = box.value;
  if (text === saved || leaving) return;
  try {
    const answer = await fetch(draftUrl, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ text }),
      keepalive: true,
    });
    if (!answer.ok) throw new Error(String(answer.status));
    saved = text;
    status.textContent = "Draft kept.";
  } catch {
    status.textContent = "The draft could not be kept: Sparring does not answer. Your text is still in the box; start Sparring again before you leave this page.";
  }
}

box.addEventListener("input", () => {
  status.textContent = "";
  clearTimeout(waiting);
  waiting = setTimeout(saveDraft, 600);
});
document.addEventListener("visibilitychange", () => document.hidden && saveDraft());

// The text is kept as a draft before the page is left, so that a server that is gone costs nothing that was typed.
form.addEventListener("submit", async (event) => {
  form.elements.seconds.value = used().toFixed(1);
  clearTimeout(waiting);
  if (leaving) {
    status.textContent = "Handed in. Grading…";
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  await saveDraft();
  if (leaving || saved !== box.value) return;
  leaving = true;
  setTimeout(() => form.requestSubmit(event.submitter)); // a form that is being submitted cannot be submitted
});
window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // its key is used up

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
const dictate = form.querySelector("[data-dictate]");

function dictation() {
  const recognition = new Recognition();
  recognition.continuous = true;
  recognition.interimResults = true;
  recognition.lang = navigator.language.startsWith("en") ? navigator.language : "en-US";
  let on = false;
  let before = "";
  recognition.addEventListener("result", (event) => {
    const heard = [...event.results].map((result) => result[0].transcript).join(" ");
    box.value = [before, heard.trim()].filter(Boolean).join(" ");
    box.dispatchEvent(new Event("input"));
  });
  const show = () => {
    dictate.textContent = on ? "Stop speaking" : "Speak";
    dictate.setAttribute("aria-pressed", String(on));
    status.textContent = on ? "Listening. Edit the transcript before you hand it in." : "";
  };
  recognition.addEventListener("end", () => { on = false; show(); });
  recognition.addEventListener("error", (event) => {
    on = false;
    show();
    status.textContent = `Dictation stopped: ${event.error}. What was heard is in the box.`;
  });
  dictate.addEventListener("click", () => {
    if (on) { recognition.stop(); return; }
    before = box.value.trim();
    form.elements.via.value = "spoken";
    on = true;
    recognition.start();
    show();
  });
}

if (Recognition) {
  dictate.hidden = false;
  document.querySelector("[data-dictation-note]").hidden = false;
  dictation();
}
