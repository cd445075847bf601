// Finds topics by their names and synonyms in any language while one types. Without it the whole list is there.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase().trim();

for (const part of document.querySelectorAll("[data-topics-filter]")) {
  const input = part.querySelector("input");
  const said = part.querySelector("[role=status]");
  const boxes = [...part.parentElement.querySelectorAll("input[data-words]")];
  const groups = part.parentElement.querySelectorAll(".choices-group");

  const shown = () => boxes.filter((box) => !box.closest("label").hidden);
  const fits = (box, typed) => box.dataset.words.split("|").some((word) => ` ${word}`.includes(` ${typed}`) || (typed.length > 3 && word.includes(typed)));

  function filter() {
    const typed = plain(input.value);
    for (const box of boxes) box.closest("label").hidden = typed !== "" && !fits(box, typed);
    for (const group of groups) group.hidden = !group.querySelector("label:not([hidden])");
    const { length } = shown();
    const words = [part.dataset.foundNone, part.dataset.foundOne][length] ?? part.dataset.foundMany.replace("{number}", length);
    said.textContent = typed ? words : "";
  }

  input.addEventListener("input", filter);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && input.value) {
      event.preventDefault();
      input.value = "";
      filter();
    }
    if (event.key !== "Enter") return;
    event.preventDefault(); // the form is not sent by searching in it
    const [only, ...others] = shown();
    if (!only || others.length) return;
    if (!only.checked) only.click();
    said.textContent = only.closest("label").textContent.trim() + " ✓";
    input.select();
  });
  part.hidden = false;
}
