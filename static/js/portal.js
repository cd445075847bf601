// Closes the open "More" panel on Escape and on a click elsewhere. Everything works without it.
const open = () => document.querySelector("details.more[open]");

document.addEventListener("keydown", (event) => {
  const panel = open();
  if (event.key !== "Escape" || !panel) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const panel = open();
  if (panel && !panel.contains(event.target)) panel.open = false;
});

// Times that are the reader's own, such as when a draft was saved, in the reader's zone.
for (const time of document.querySelectorAll("time[data-local]")) {
  const moment = new Date(time.dateTime);
  if (!Number.isNaN(moment.valueOf())) time.textContent = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

// How many are chosen of what is folded away. The number stands in the words of the server, "2 chosen".
for (const fold of document.querySelectorAll("details[data-two]")) {
  fold.addEventListener("change", () => {
    const number = fold.querySelectorAll("input:checked").length;
    const words = [fold.dataset.none, fold.dataset.one][number] ?? fold.dataset.two.replace("2", number);
    fold.querySelector("summary .count").textContent = words;
  });
}

// Coverage that the server has received need not be kept on the device any longer.
for (const { dataset } of document.querySelectorAll("[data-received]")) {
  try {
    if (localStorage.getItem("coverage-new")?.includes(dataset.received)) localStorage.removeItem("coverage-new");
  } catch {
    // a forbidden store holds nothing
  }
}

// A link that HTMX follows still opens in a new tab or window for whoever asks for that.
document.addEventListener("click", (event) => {
  const asks = event.ctrlKey || event.metaKey || event.shiftKey;
  if (asks && event.target.closest("a[hx-get]")) event.stopPropagation();
}, true);
